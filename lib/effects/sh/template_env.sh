# Read by each bash of a template before it begins: what must not pass although the template goes on is
# noted. A command that is not there has printed nothing, and the rest would be delivered without it.
. /run/disco/bin/bash_env.sh
disco_note() {
  echo "$1" >>/run/disco/out/failed
}
command_not_found_handle() {
  disco_note "its command $1 was not found"
  echo "bash: $1: command not found" >&2
  return 127
}
if [ "${DISCO_STRICT-}" ]; then
  set -Eu -o pipefail
  trap 'disco_note "line $LINENO: $BASH_COMMAND ended with exit code $?"' ERR
fi
