#!/bin/sh
# Asks for a command to be run on the live system after the merge: disco-effect COMMAND [ARGUMENTS...]
# The record appears whole or not at all.
if [ $# -eq 0 ]; then
  echo 'usage: disco-effect COMMAND [ARGUMENTS...]' >&2
  exit 2
fi
PATH=$PATH:/usr/bin:/bin
number=1000000
for record in /run/disco/effects/*.effect; do [ ! -e "$record" ] || number=$((number + 1)); done
record=$(mktemp "/run/disco/effects/$number.XXXXXXXX") || exit 1
printf '%s\0' "$DISCO_BALL" "$DISCO_SCRIPT" "$PWD" "$@" >"$record" && mv "$record" "$record.effect"
