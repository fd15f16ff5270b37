#!/bin/sh
# Asks for a command to be run on the live system after the merge: disco-effect COMMAND [ARGUMENTS...]
# The record appears whole or not at all.
usage='usage: disco-effect COMMAND [ARGUMENTS...]: run a command on the live system after the merge'
case ${1-} in
  -h | --help)
    echo "$usage"
    exit 0
    ;;
  '' | -*)
    echo "$usage" >&2
    exit 2
    ;;
esac
PATH=$PATH:/usr/bin:/bin
number=1000000
for record in /run/disco/effects/*.effect; do [ ! -e "$record" ] || number=$((number + 1)); done
record=$(mktemp "/run/disco/effects/$number.XXXXXXXX") || exit 1
printf '%s\0' "$DISCO_BALL" "$DISCO_SCRIPT" "$PWD" "$@" >"$record" && mv "$record" "$record.effect"
