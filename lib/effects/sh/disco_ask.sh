#!/bin/sh
# Asks the live system, with a command that changes nothing: disco-ask COMMAND [ARGUMENTS...]
# With --first=PROGRAM: runs it, unless a waiting effect may change what the command shows.
first=
case $1 in --first=*) first=${1#*=} && shift ;; esac
PATH=$PATH:/usr/bin:/bin
if ! question=$(mktemp /run/disco/ask/XXXXXXXX 2>/dev/null); then
  echo "it cannot ask the live system: $*" >>/run/disco/out/failed
  echo "disco: a template cannot ask the live system: $*" >&2
  exit 126
fi
printf '%s\0' ${first:+disco-waits} "$@" >"$question" && mv "$question" "$question.question" || exit 1
case $1 in
  # A child that is about to become "sleep" still has these words, and would be found by them.
  pgrep | pidof | ps) while [ ! -e "$question.status" ]; do :; done ;;
  *) while [ ! -e "$question.status" ]; do sleep 0.01; done ;;
esac
case $(cat "$question.status" "$question.errors") in
  126*disco:*'is not put to the live system'*)
    exec /run/disco/bin/disco-deny --unanswered="$(cat "$question.errors")" "$@"
    ;;
esac
[ -z "$first" ] || { shift && exec "$first" "$@"; }
cat "$question.errors" >&2
cat "$question.output"
exit "$(cat "$question.status")"
