# Read by each bash in the sandbox before its script: the shell's own "kill" meets the policy, too.
kill() {
  local word value=''
  for word; do
    if [[ $value ]]; then value='' && continue; fi
    case $word in
      -s | -n) value=next ;;
      # Process 1 of the sandbox is DISCO's: the live system's is meant.
      1) /run/disco/bin/kill "$@"; return ;;
      %* | -l | -L | 0 | -1) ;;
      -*[!0-9]* | -[0-9] | -[0-9][0-9]) ;;
      *[!0-9-]* | '') ;;
      *) builtin kill -0 -- "$word" 2>/dev/null || { /run/disco/bin/kill "$@"; return; } ;;
    esac
  done
  builtin kill "$@"
}
