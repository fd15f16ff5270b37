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

# Whether the ball's script itself asks, or a program that hands its words on: what a package's tools
# ask for on their own account they may do without.
is_asked_by_script() {
  local pid=$PPID key value word
  local -a words
  # What another account writes down must not fail root's script.
  ((EUID == 0)) || return 1
  for _ in 1 2 3 4; do
    mapfile -d '' -t words <"/proc/$pid/cmdline" || return 1
    for word in "${words[@]:0:4}"; do
      [[ $word != /run/disco/ball/* ]] || return 0
    done
    case ${words[0]##*/} in
      timeout | env | nice | ionice | chrt | setsid | flock | nohup | stdbuf | xargs | time) ;;
      *) return 1 ;;
    esac
    while read -r key value; do
      [[ $key != PPid: ]] || pid=$value
    done <"/proc/$pid/status"
  done
  return 1
} 2>/dev/null

# Write down what was refused, why, and what to do: deny WHY ADVICE COMMAND [ARGUMENTS...]
deny() {
  local by=other
  if ! new_record denied; then refuse_in_template "${*:3}"; fi
  if is_asked_by_script; then by=script; fi
  printf '%s\0' "$1" $(($# - 2)) "${@:3}" "$by" "$2" end >>"$record"
}
