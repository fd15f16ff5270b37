#!/bin/sh
# Refuses a command, says so, and writes it down for the report: disco-deny COMMAND [ARGUMENTS...]
PATH=$PATH:/usr/bin:/bin
record=$(mktemp /run/disco/effects/XXXXXXXX) &&
  printf '%s\0' "$DISCO_BALL" "$DISCO_SCRIPT" "$PWD" "$@" >"$record" && mv "$record" "$record.denied"
echo "disco: $1 is denied by the policy for commands (see disco policy -- $*); put it into post/, ask for it with disco-effect, or allow it in restricted.d" >&2
exit 126
