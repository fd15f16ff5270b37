# Read by each bash in the sandbox before its script: the shell's own "kill" meets the policy, too.
kill() {
  local word
  for word; do
    case $word in
      %* | -l | -L | 0 | -1) ;;
      -*[!0-9]* | -[0-9] | -[0-9][0-9]) ;;
      *[!0-9-]* | '') ;;
      *) builtin kill -0 -- "$word" 2>/dev/null || { /run/disco/bin/kill "$@"; return; } ;;
    esac
  done
  builtin kill "$@"
}
