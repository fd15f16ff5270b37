#!/bin/bash -p
# Asks for a command to be run on the live system after the merge: disco-effect COMMAND [ARGUMENTS...]
# Shims ask with --rule=TRAITS, what the policy knows of the command.
. /run/disco/bin/record.sh
usage='usage: disco-effect [--stdin] [--if-changed PATH-GLOB... --] COMMAND [ARGUMENTS...]
run a command on the live system after the merge
  --stdin       with what can be read from standard input, 1 MiB at most
  --if-changed  only if the dance changes a path that one of the globs matches; put them in quotes'
traits='' reads='' globs=()
case ${1-} in
  -h | --help)
    echo "$usage"
    exit 0
    ;;
  --rule=*) traits=+${1#*=}+ && shift ;;
esac
while :; do
  case ${1-} in
    --stdin) reads=yes && shift ;;
    --if-changed)
      shift
      while [[ ${1-} == /* ]]; do globs+=("$1") && shift; done
      if [[ ${1-} != -- || ${#globs[@]} -eq 0 ]]; then
        echo "disco-effect: --if-changed takes absolute paths, then --, then a command: found '${1-}'" >&2
        exit 2
      fi
      shift
      ;;
    *) break ;;
  esac
done
case ${1-} in
  '' | -*)
    echo "$usage" >&2
    exit 2
    ;;
esac
mapfile -d '' -t environment </proc/self/environ

# Refuse what could not be carried out as it was asked for: refuse WHY WHAT_TO_DO
refuse() {
  deny "$1" "$2" "${words[@]}"
  echo "disco: ${words[*]} cannot wait for the merge: $1; $2" >&2
  exit 126
}
words=("$@")
# It would be carried out as root.
((EUID == 0)) || refuse "an effect was asked for by an account that is not root (uid $EUID)" 'ask for it as root'
folder=$PWD
# Without links on the way.
cd -P . 2>/dev/null

# What the sandbox alone has: files of /tmp, /dev/shm and /run, descriptors.
path='(^|[^[:alnum:]._/~-]|^-[[:alpha:]]|://)((/tmp|/dev/shm|/run|/var/run|/dev/fd|/proc/self/fd)/[^][:space:],:;"'\''`)(]+)'
refuse_lost() {
  local rest=$1 found
  while [[ $rest =~ $path ]]; do
    found=${BASH_REMATCH[2]} rest=${rest#*"${BASH_REMATCH[2]}"}
    case $found in
      /dev/fd/[012] | /proc/self/fd/[012]) continue ;;
      # Folders there are the live system's, too.
      /run/* | /var/run/*) [[ -e $found && ! -d $found ]] || continue ;;
      *) [[ -e $found || -L $found ]] || compgen -G "$found" >/dev/null || continue ;;
    esac
    refuse "$found${2:+ (in \$$2)} is in the sandbox only, and gone after the dance" "$place"
  done
}
place='put the file where it is merged, such as /var/lib, give it on standard input, or do it in post/'
for word; do
  refuse_lost "$word"
  case $word in
    - | *=- | --stdin | --*-stdin | /dev/stdin | *=/dev/stdin | /dev/fd/0 | /proc/self/fd/0) reads=yes ;;
  esac
done
# So are variables that it would be given: those that the script exported.
for word in "${environment[@]}"; do
  case $word in
    PATH=* | PWD=* | OLDPWD=* | TMPDIR=* | _=* | BASH_ENV=* | ENV=* | DISCO_*) continue ;;
    # DISCO's own, without which apt does as well.
    APT_CONFIG=/run/disco/*) continue ;;
    # Of wrappers, which no effect is given.
    LD_PRELOAD=* | LD_AUDIT=* | MAKEFLAGS=* | MAKEOVERRIDES=* | MFLAGS=* | _STDBUF_* | PYENV_*) continue ;;
    DPKG_* | DEBCONF_* | DEBIAN_HAS_* | SUDO_* | BASH_FUNC_* | HISTFILE=*) continue ;;
    *=*/tmp/* | *=*/run/* | *=*/dev/* | *=*/proc/*) refuse_lost "${word#*=}" "${word%%=*}" ;;
  esac
done
case $PWD/:$1 in
  # These have names of units, processes and modules, not of files.
  *:systemctl | *:service | *:invoke-rc.d | *:rc-service | *:*kill* | *:modprobe | *:rmmod) ;;
  /tmp/* | /run/* | /dev/shm/*)
    for word; do
      for file in "$word" "${word#*=}" "${word#-?}"; do
        [[ $file != /* && $file && -e $file ]] || continue
        refuse "$file is in $PWD, which only the sandbox has" "$place"
      done
    done
    ;;
esac

# Files that its words name: they must be there after the merge, too.
needs=()
need() {
  local path=$1
  [[ $path == /* ]] || path=${PWD%/}/$path
  case $path in
    /proc/* | /sys/* | /dev/* | /run/* | /tmp/* | /var/run/* | /var/lock/*) return ;;
  esac
  [[ ! -e $path || ${#needs[@]} -ge 100 ]] || needs+=("$path")
}
case ${1##*/}:" $* " in
  # What these name may be gone.
  rm:*' -'[rRdv]*f* | rm:*' -f'* | rm:*' --force '* | test:* | '[':* | echo:* | printf:* | logger:*) ;;
  # These have names of units, processes and modules.
  systemctl:* | service:* | invoke-rc.d:* | rc-service:* | *kill*:* | modprobe:* | rmmod:*) ;;
  *)
    [[ $1 != */* ]] || need "$1"
    for word in "${@:2}"; do
      case $word in
        '' | -) ;;
        -*=?*) need "${word#*=}" ;;
        -?/*) need "${word#-?}" ;;
        -*) ;;
        *) need "$word" ;;
      esac
    done
    ;;
esac

# Nothing can be done with what it has not printed yet. Where the script's own output goes (process 1 has
# the same), to a terminal and to /dev/null it is only read by people.
out=/proc/self/fd/1
case $traits in
  *+silent+*) ;;
  *)
    [[ ! -e $out || -c $out || $out -ef /proc/1/fd/1 || $out -ef /proc/1/fd/2 ]] ||
      refuse 'something in this script waits for what it prints' \
        'send that to /dev/null if it does not matter, or do it in post/'
    ;;
esac

# Its standard input, if it is meant for it: its words or its rule say so, or it is not simply that of
# what called it, which may be the list of a loop.
in=/proc/self/fd/0
[[ $traits != *+input+* ]] || reads=yes
[[ $in -ef /proc/$PPID/fd/0 || ! -e /proc/$PPID/fd/0 ]] || reads=yes
[[ -e $in && ! -c $in ]] || reads=''

new_record effect || refuse_in_template "${words[*]}"
if [[ $reads ]]; then
  PATH=/usr/bin:/bin head -c 1048577 >"${record%.effect}.input" || exit 1
fi
count=$#
[[ ${#globs[@]} -eq 0 && ${#needs[@]} -eq 0 ]] || count+=+${#globs[@]}
[[ ${#needs[@]} -eq 0 ]] || count+=+${#needs[@]}
printf '%s\0' "$folder" "$count" "$@" "${globs[@]}" "${needs[@]}" "${environment[@]}" end >>"$record"
