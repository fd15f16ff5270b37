#!/bin/bash -p
# Refuses a command, says so, and writes it down for the report:
# disco-deny [--advice=TEXT] COMMAND [ARGUMENTS...]
. /run/disco/bin/record.sh
advice=''
case $1 in --advice=*) advice=${1#*=} && shift ;; esac
deny '' "$advice" "$@"
[[ $advice ]] || advice='put it into post/, ask for it with disco-effect, or allow it in restricted.d'
echo "disco: $1 is denied by the policy for commands (see disco policy -- $*); $advice" >&2
exit 126
