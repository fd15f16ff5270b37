#!/bin/bash -p
# Refuses a command, says so, and writes it down for the report:
# disco-deny [--advice=TEXT] COMMAND [ARGUMENTS...]
# With --unanswered=TEXT it was a question that was not put to the live system.
. /run/disco/bin/record.sh
advice=''
case $1 in
  --unanswered=*)
    text=${1#*=}
    shift
    deny "${text##*is not put to the live system: }" 'ask in post/, or with options that only ask' "$@"
    printf '%s\n' "$text" >&2
    exit 126
    ;;
esac
case $1 in --advice=*) advice=${1#*=} && shift ;; esac
deny '' "$advice" "$@"
[[ $advice ]] || advice='put it into post/, ask for it with disco-effect, or allow it in restricted.d'
echo "disco: $1 is denied by the policy for commands (see disco policy -- $*); $advice" >&2
exit 126
