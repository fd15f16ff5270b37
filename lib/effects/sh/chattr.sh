#!/bin/bash -p
# DISCO stands here in place of chattr. To take a flag away that no file has is nothing to do; else the
# policy decides: the flag stays in the union until the merge, and what is written there would be lost.
shim=/run/disco/shims/chattr
flags=() files=() lifts='' recursive=''
for word; do
  case $word in
    -R) recursive=yes && flags+=("$word") ;;
    -[pv]) exec "$shim" "$@" ;;
    -*) [[ ${#files[@]} -eq 0 && $word == *[ia]* ]] && lifts=yes; flags+=("$word") ;;
    [+=]*) [[ ${#files[@]} -gt 0 ]] || exec "$shim" "$@"; files+=("$word") ;;
    *) files+=("$word") ;;
  esac
done
[[ $lifts && ${#files[@]} -gt 0 ]] || exec "$shim" "$@"
options=(-d)
[[ $recursive ]] && options=(-aR)
status=0
for file in "${files[@]}"; do
  if ! flagged=$(lsattr "${options[@]}" -- "$file" 2>/dev/null); then
    echo "chattr: cannot read the flags of $file" >&2
    status=1
    continue
  fi
  while read -r word _; do
    case $word in
      */*) ;;
      *[ia]*) exec "$shim" "$@" ;;
    esac
  done <<<"$flagged"
done
exit "$status"
