#!/bin/sh
# DISCO stands here while packages are installed in the union: what their maintainer scripts ask of
# services waits for the merge (policy-rc.d of Debian: 101 is "action forbidden").
# usage: policy-rc.d [--quiet] NAME ACTIONS [RUNLEVEL]
case ${1:-} in
  --list) exit 0 ;;
  -*) shift ;;
esac
if [ -e /run/disco/real/policy-rc.d ]; then
  /run/disco/real/policy-rc.d "$@"
  [ $? -ne 101 ] || exit 101
fi
for action in ${2:-}; do
  case $1 in
    *.service | *.socket | *.timer | *.path | *.target | *.mount) /run/disco/bin/disco-effect --rule=silent systemctl "$action" "$1" ;;
    *) /run/disco/bin/disco-effect --rule=silent invoke-rc.d "$1" "$action" ;;
  esac
done
exit 101
