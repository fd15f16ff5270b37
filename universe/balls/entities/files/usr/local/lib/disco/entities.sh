# shellcheck shell=bash
# Functions for the scripts of balls that manage users and groups. Delivered by the ball
# "entities"; a script that reads it says "after entities" in the requires of its ball.

# What entities_parse found: the value of each option, and the options as an argument list.
declare -A ENTITIES_WANT=()
ENTITIES_OPTIONS=()
ENTITIES_WORDS=()

# entities_fail MESSAGE: end the script, and so the ball.
entities_fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# entities_has COMMAND: whether there is such a command.
entities_has() {
  command -v "$1" >/dev/null 2>&1
}

# entities_names KEY: the names below a parameter, a line each; none if there is no such parameter.
entities_names() {
  disco-param keys "$DISCO_NODE/$1" 2>/dev/null || true
}

# entities_value KEY: a parameter of this node, empty if there is no such parameter.
entities_value() {
  disco-param get "$DISCO_NODE/$1" ''
}

# entities_check NAME: fail unless it can be the name of a user or group.
entities_check() {
  case $1 in
    '' | [-.]* | *[!A-Za-z0-9_.-]*) entities_fail "Cannot use \"$1\" as the name of a user or group" ;;
  esac
}

# entities_contradiction KEY KEY: fail if a name is below both, say users/present and users/absent.
entities_contradiction() {
  local both
  both=$(sort <(entities_names "$1") <(entities_names "$2") | uniq -d)
  [ -z "$both" ] || entities_fail "Cannot have both $1/$both and $2/$both"
}

# entities_field DATABASE NAME NUMBER: one field of an entry of /etc/passwd, group or shadow.
# Fails if there is no such entry. The files, not getent: accounts of LDAP are not ours to change.
entities_field() {
  awk -F: -v name="$2" -v number="$3" \
    '$1 == name { print $number; found = 1; exit } END { exit !found }' "/etc/$1"
}

# entities_set DATABASE NAME NUMBER VALUE: set a field where no tool of the system can.
entities_set() {
  local text
  text=$(VALUE=$4 awk -F: -v OFS=: -v name="$2" -v number="$3" \
    '$1 == name { $number = ENVIRON["VALUE"] } { print }' "/etc/$1")
  printf '%s\n' "$text" >"/etc/$1"
}

# entities_gid GROUP: the number of a group that is given by its name or number.
entities_gid() {
  case $1 in
    *[!0-9]*) entities_field group "$1" 3 || entities_fail "There is no group \"$1\"" ;;
    *) printf '%s\n' "$1" ;;
  esac
}

# entities_words TEXT: split flags into ENTITIES_WORDS at white space. Single quotes, double
# quotes and backslashes keep words together; nothing else is special: no variable, no command
# and no pattern is expanded. An open quote is an error.
entities_words() {
  local list
  # The last word guards empty words before it, which $(...) would lose.
  list=$(printf '%s\n.\n' "$1" | xargs printf '%s\n') ||
    entities_fail "Cannot split \"$1\" into words"
  mapfile -t ENTITIES_WORDS <<<"$list"
  unset 'ENTITIES_WORDS[-1]'
}

# entities_parse TABLE TEXT: parse flags by an associative array that maps each spelling of an
# option to its short form, with ":" at the end if it takes a value: [--uid]=-u: [-u]=-u:
entities_parse() {
  local -n entities_table=$1
  local word cluster
  entities_words "$2"
  set -- "${ENTITIES_WORDS[@]}"
  ENTITIES_WANT=()
  ENTITIES_OPTIONS=()
  while [ $# -gt 0 ]; do
    word=$1
    shift
    case $word in
      --*=*) entities_option "${word%%=*}" "${word#*=}" ;;
      --?*)
        entities_option "$word" "$@"
        [[ ${entities_table[$word]} != *: ]] || shift
        ;;
      -?*)
        # Short options may share a dash, and the value may follow without a space: -mu1000
        cluster=${word#-}
        while [ -n "$cluster" ]; do
          word=-${cluster:0:1}
          cluster=${cluster:1}
          if [[ ${entities_table[$word]-} == *: && -n $cluster ]]; then
            entities_option "$word" "$cluster"
            break
          fi
          entities_option "$word" "$@"
          [[ ${entities_table[$word]} != *: ]] || shift
        done
        ;;
      *) entities_fail "Expected an option, found \"$word\"" ;;
    esac
  done
}

# entities_option SPELLING [VALUE...]: note one option; words after the value are ignored.
entities_option() {
  local short=${entities_table[$1]-}
  case $short in
    '') entities_fail "Cannot use the option \"$1\" here" ;;
    *:)
      [ $# -gt 1 ] || entities_fail "The option \"$1\" needs a value"
      ENTITIES_WANT[${short%:}]=$2
      # Anybody can read an argument list, so a password is in none: see entities_password.
      [ "$short" = -p: ] || ENTITIES_OPTIONS+=("${short%:}" "$2")
      ;;
    *)
      ENTITIES_WANT[$short]=yes
      ENTITIES_OPTIONS+=("$short")
      ;;
  esac
}

# entities_differs OPTION NOW: whether the option was given with another value than NOW.
entities_differs() {
  [ -n "${ENTITIES_WANT[$1]+given}" ] && [ "${ENTITIES_WANT[$1]}" != "$2" ]
}

# entities_password NAME HASH: set the hash of a password, on standard input only: anybody can
# read an argument list.
entities_password() {
  case $2 in
    *:* | *$'\n'*) entities_fail "The password of \"$1\" is no hash of crypt(3)" ;;
  esac
  [ "$(entities_field shadow "$1" 2)" = "$2" ] || printf '%s:%s\n' "$1" "$2" | chpasswd -e
}
