#!/bin/sh
# disco-param: the parameters of this node, inside a ball. Read-only; the same keys, output and
# errors as "disco param" outside (lib/params/tree.ts, lines.ts). POSIX sh and tools only.
#
#   disco-param get KEY [DEFAULT]   print the content of a parameter
#   disco-param keys [KEY]          list the names in a folder; folders end with "/"
#   disco-param dump [KEY]          print all parameters as PATH=VALUE lines
#
# The key "current_module" is the name of the ball that is being applied.

set -u
LC_ALL=C
export LC_ALL
tree=${DISCO_PARAMETERS:-/var/disco/parameters}

fail() {
  printf 'error: %s\n' "$1" >&2
  exit "${2:-1}"
}

usage() {
  fail 'expected "get KEY [DEFAULT]", "keys [KEY]" or "dump [KEY]"' 3
}

is_component() {
  case $1 in
    '' | . | .. | -* | *[!A-Za-z0-9@%+=:,._-]*) return 1 ;;
  esac
  [ "${#1}" -le 255 ]
}

is_key() {
  case $1 in
    */*) is_component "${1%%/*}" && is_key "${1#*/}" ;;
    *) is_component "$1" ;;
  esac
}

check_key() {
  is_key "$1" && return
  fail "Cannot use \"$(printf '%s' "$1" | tr -c ' !#-[]-~' '?')\" as key of a parameter: expected \
names of letters, digits and \"@%+=:,._-\", not beginning with \"-\", separated by \"/\"" 3
}

# kind ACTION KEY: set $kind to file, folder or missing. Links and special files are never used.
kind() {
  kind=folder
  path=
  rest=$2
  while [ -n "$rest" ]; do
    path=${path:+$path/}${rest%%/*}
    case $rest in
      */*) rest=${rest#*/} ;;
      *) rest= ;;
    esac
    if [ "$kind" != folder ]; then
      kind=missing
    elif [ -L "$tree/$path" ]; then
      kind=special
    elif [ -f "$tree/$path" ]; then
      kind='file'
    elif [ -d "$tree/$path" ]; then
      kind=folder
    elif [ -e "$tree/$path" ]; then
      kind=special
    else
      kind=missing
    fi
    if [ "$kind" = special ]; then
      fail "Cannot $1 parameter \"$2\": \"$path\" is a symlink or special file"
    fi
  done
}

# names DIR: the names in it that can be in a key, sorted.
names() {
  for entry in "$1"/* "$1"/.[!.]* "$1"/..?*; do
    if is_component "${entry##*/}" && { [ -e "$entry" ] || [ -L "$entry" ]; }; then
      printf '%s\n' "${entry##*/}"
    fi
  done | sort
}

get() {
  if [ "$1" = current_module ]; then
    if [ -n "${DISCO_BALL:-}" ]; then
      printf '%s\n' "$DISCO_BALL"
    elif [ $# -eq 2 ]; then
      printf '%s\n' "$2"
    else
      fail 'Cannot get parameter "current_module": no ball is being applied (DISCO_BALL is empty)'
    fi
    return
  fi
  check_key "$1"
  kind get "$1"
  case $kind in
    file) exec cat "$tree/$1" ;;
    folder) fail "Cannot get parameter \"$1\": it is a folder" ;;
    missing)
      [ $# -eq 2 ] || fail "Cannot get parameter \"$1\": it does not exist"
      printf '%s\n' "$2"
      ;;
  esac
}

keys() {
  kind list "$1"
  case $kind in
    file) fail "Cannot list parameter \"$1\": it is a file" ;;
    missing) fail "Cannot list parameter \"$1\": it does not exist" ;;
  esac
  # No name holds white space or a wildcard.
  for name in $(names "$tree/$1"); do
    kind list "${1:+$1/}$name"
    if [ "$kind" = folder ]; then name=$name/; fi
    printf '%s\n' "$name"
  done
}

dump() {
  kind dump "$1"
  case $kind in
    missing) fail "Cannot dump parameter \"$1\": it does not exist" ;;
    file) dump_file "$1" ;;
    folder) dump_folder "$1" "$(names "$tree/$1")" ;;
  esac
}

dump_folder() {
  if [ -z "$2" ] && [ -n "$1" ]; then
    printf '%s={}\n' "$(printf '%s' "$1" | sed 's/=/\\x3d/g')"
  fi
  # The list is read once, before the functions below use the same variables again.
  for name in $2; do dump "${1:+$1/}$name"; done
}

# See lib/params/lines.ts for the format.
dump_file() {
  [ -r "$tree/$1" ] || fail "Cannot dump parameter \"$1\": it cannot be read"
  od -An -v -tx1 <"$tree/$1" | awk -v path="$1" '
    BEGIN { for (i = 0; i < 256; i++) code[sprintf("%02x", i)] = i; control = 0; lines = 0 }
    {
      for (i = 1; i <= NF; i++) {
        last = code[$i]
        if (last == 10) { lines++; escaped[NR] = escaped[NR] "\\n"; continue }
        if ((last < 32 && last != 9) || last == 127) {
          control = 1
          escaped[NR] = escaped[NR] "\\x" $i
          continue
        }
        plain[NR] = plain[NR] sprintf("%c", last)
        escaped[NR] = escaped[NR] (last == 92 ? "\\\\" : sprintf("%c", last))
        count++
      }
    }
    END {
      gsub(/=/, "\\x3d", path)
      exact = NR && (control || lines != 1 || last != 10 || !count || \
        (count == 2 && plain[1] == "{}"))
      printf "%s%s=", path, exact ? "\\" : ""
      for (i = 1; i <= NR; i++) printf "%s", exact ? escaped[i] : plain[i]
      printf "\n"
    }' || exit
}

[ $# -ge 1 ] || usage
command=$1
shift
case $command in
  get)
    [ $# -eq 1 ] || [ $# -eq 2 ] || usage
    get "$@"
    ;;
  keys | dump)
    [ $# -le 1 ] || usage
    [ $# -eq 0 ] || check_key "$1"
    "$command" "${1:-}"
    ;;
  set | delete) fail "Cannot $command a parameter: parameters are read-only in a ball" ;;
  *) usage ;;
esac
