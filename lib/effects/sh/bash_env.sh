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
# A service's own script, called by its path, would act on nothing and succeed: it is asked for as
# "service" is. (Of a function's name bash does not mind the slashes.)
for DISCO_INIT in /etc/init.d/*; do
  case ${DISCO_INIT##*/} in [!A-Za-z0-9]* | *[!A-Za-z0-9._-]*) continue ;; esac
  [[ ! -x $DISCO_INIT ]] || eval "function $DISCO_INIT { service '${DISCO_INIT##*/}' \"\$@\"; }"
done
unset DISCO_INIT
# So are the commands of the policy that the script calls by their paths, where the path is that of the
# command which the policy knows by this name.
for DISCO_COMMAND in ${DISCO_BY_PATH-}; do
  [[ -x $DISCO_COMMAND ]] || continue
  for DISCO_FOLDER in /usr/sbin /usr/bin /sbin /bin /usr/local/sbin /usr/local/bin; do
    [[ -x $DISCO_FOLDER/${DISCO_COMMAND##*/} ]] && break
  done
  [[ $DISCO_COMMAND -ef $DISCO_FOLDER/${DISCO_COMMAND##*/} ]] || continue
  for DISCO_FOLDER in /run/disco/bin /run/disco/by-name; do
    [[ -x $DISCO_FOLDER/${DISCO_COMMAND##*/} ]] || continue
    eval "function $DISCO_COMMAND { $DISCO_FOLDER/${DISCO_COMMAND##*/} \"\$@\"; }"
    break
  done
done
unset DISCO_BY_PATH DISCO_COMMAND DISCO_FOLDER
# A script that sets PATH anew still meets the policy: it gets the shims in front again before its next
# command, as often as its text sets it.
if [[ ${DISCO_KEEP_PATH-} ]]; then
  declare +x DISCO_KEEP_PATH
  set -T
  trap '[[ $PATH == /run/disco/* ]] || {
    PATH=/run/disco/bin:/run/disco/by-name:$PATH
    ((--DISCO_KEEP_PATH > 0)) || trap - DEBUG
  }' DEBUG
fi
