#!/bin/sh
# DISCO stands here in place of kill: a process of the sandbox is signalled at once. A number that none
# of its processes has had yet may be the live system's, and waits for the merge; one that a process
# had is nobody's any more, whatever has that number outside. Process 1 of the sandbox is DISCO's own,
# and would take any signal without an effect: the live system's is meant.
defer() {
  [ ! -x /run/disco/shims/kill ] || exec /run/disco/shims/kill "$@"
  exec /run/disco/bin/disco-effect --rule=silent kill "$@"
}
# The number that was given last (proc_loadavg(5)).
read -r _ _ _ _ last </proc/loadavg
own='' foreign='' gone='' value=''
for word do
  if [ "$value" ]; then
    value=''
    continue
  fi
  case $word in
    -s | -n | -q | --signal | --queue) value=next ;;
    -L | --table | -h | --help | -V | --version) exec /usr/bin/kill "$@" ;;
    -*[!0-9]* | -[0-9] | -[0-9][0-9] | '') ;;
    *[!0-9-]* | 0 | -1) ;;
    1) foreign=1 ;;
    *)
      if kill -0 "$word" 2>/dev/null; then
        own=$word
      elif [ "${word#-}" -gt "${last:-0}" ] 2>/dev/null; then
        foreign=$word
      else
        gone=$word
      fi
      ;;
  esac
done
if [ "$foreign" ] && [ "$own$gone" ]; then
  echo "kill: $foreign is not a process of the sandbox, others are: use a command for each" >&2
  exit 1
fi
[ -z "$foreign" ] || defer "$@"
if [ "$gone" ] && [ -z "$own" ]; then
  echo "kill: $gone has ended (for a process of the live system use disco-effect kill)" >&2
  exit 1
fi
kill "$@"
