# Read by what writes records down (bash). A record has its name from the start, and is whole once its
# last string is "end": to write one takes no process besides the shell. Nobody else may write to it.
umask 022

# Make an empty record of a kind, numbered behind the last one; its path is in $record.
new_record() {
  local number
  count() { number=$((1000000 + $#)); }
  count /run/disco/effects/*."$1"
  set -C
  until { true >"/run/disco/effects/$number.$1"; } 2>/dev/null; do
    # Where nothing can be written, as in a template, no number is the right one.
    [[ -e /run/disco/effects/$number.$1 ]] || return 1
    number=$((number + 1))
  done
  set +C
  record=/run/disco/effects/$number.$1
}

# A template can ask for nothing: refuse_in_template LINE
refuse_in_template() {
  echo "it cannot wait for the merge: $1" >>/run/disco/out/failed
  echo "disco: a template cannot ask for this: $1" >&2
  exit 126
}

# Write down what was refused, why, and what to do: deny WHY ADVICE COMMAND [ARGUMENTS...]
deny() {
  if ! new_record denied; then refuse_in_template "${*:3}"; fi
  printf '%s\0' "$1" $(($# - 2)) "${@:3}" "$2" end >>"$record"
}
