#!/bin/bash
# Applies balls twice to a throw-away overlay of this machine, without DISCO. Runs in mount, PID and
# network namespaces of its own; the caller prepared the folder $1:
#
#   balls/<number>/  a ball, with rendered/ for its Eta templates
#   order            lines "<number> <name>"
#   bin/             commands that stand before the system's own
#   parameters/      the tree of /var/disco/parameters
#   node             its name
#   keep             absolute paths to copy into kept/
#   prepare          a script that runs first, on what counts as the live root
#
# Prints "failed BALL WHAT", "effect ROUND BALL COMMAND..." and, for what the second round changed,
# "changed PATH".
set -euo pipefail
work=$1
stage=$work/stage
node=$(cat "$work/node")

# attach LOWER UPPER: mount the root of a round, and what scripts need in it.
attach() {
  mkdir -p "$stage/$2" "$stage/$2.work" "$stage/root"
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$stage/$2,workdir=$stage/$2.work" "$stage/root"
  mount -t proc proc "$stage/root/proc"
  mount -t tmpfs tmpfs "$stage/root/tmp"
  mount -t tmpfs tmpfs "$stage/root/run"
  mount --bind /dev "$stage/root/dev"
  mkdir -p "$stage/root/run/rehearsal"
  mount --bind "$work" "$stage/root/run/rehearsal"
}

detach() {
  umount -R "$stage/root"
}

# inside BALL COMMAND...: as a script is run, see section "a ball" of the documentation.
inside() {
  env -i PATH=/run/rehearsal/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME=/root LANG=C.UTF-8 NOOP=1 DISCO_BALL="$1" DISCO_NODE="$node" DISCO_ROUND="$round" \
    DISCO_PARAMETERS=/run/rehearsal/parameters \
    chroot "$stage/root" "${@:2}" </dev/null
}

deliver() {
  [ ! -d "$1" ] || tar -C "$1" -cf - . |
    tar -C "$stage/root" -xf - --keep-directory-symlink --no-overwrite-dir --owner=0 --group=0 \
      --no-same-owner
}

# spin NUMBER NAME
spin() {
  local ball=$work/balls/$1 path mode owner group glob
  deliver "$ball/files"
  deliver "$ball/rendered"
  while IFS= read -r path; do
    mkdir -p "$(dirname "$stage/root$path")"
    inside "$2" bash "/run/rehearsal/balls/$1/templates$path" >"$stage/content" ||
      echo "failed $2 $path"
    install -m "$(stat -c %a "$ball/templates$path")" "$stage/content" "$stage/root$path"
  done < <(cd "$ball/templates" 2>/dev/null && find . -type f ! -name '*.eta' | cut -c2-)
  if [ -e "$ball/permissions" ]; then
    while read -r mode owner group glob; do
      case $mode in '' | '#'* | secret) continue ;; esac
      # shellcheck disable=SC2016 # It is for the inner shell.
      inside "$2" bash -c 'for path in /${4#/}; do
        [ "$2" = - ] || chown -h "$2" "$path"
        [ "$3" = - ] || chgrp -h "$3" "$path"
        [ "$1" = - ] || chmod "$1" "$path"
      done' permissions "$mode" "$owner" "$group" "$glob" || echo "failed $2 permissions"
    done <"$ball/permissions"
  fi
  while IFS= read -r path; do
    local interpreter=()
    [ "$(head -c 2 "$ball/scripts/$path")" = '#!' ] || interpreter=(bash)
    inside "$2" "${interpreter[@]}" "/run/rehearsal/balls/$1/scripts/$path" \
      >>"$work/output" 2>&1 || echo "failed $2 $path"
  done < <(cd "$ball/scripts" 2>/dev/null && find . -type f | cut -c3- | LC_ALL=C sort)
}

dance() {
  round=$1
  while read -r number name; do spin "$number" "$name"; done <"$work/order"
}

# describe ROOT PATH: all that counts of one path.
describe() {
  if [ -e "$1/$2" ] || [ -L "$1/$2" ]; then
    stat -c '%F %a %u %g' "$1/$2"
    [ ! -L "$1/$2" ] || readlink "$1/$2"
    [ -L "$1/$2" ] || [ ! -f "$1/$2" ] || sha256sum <"$1/$2"
  else
    echo nothing
  fi
}

mount -t tmpfs tmpfs "$stage"

round=0
attach / live
inside prepare bash /run/rehearsal/prepare
detach
attach "$stage/live:/" first
dance 1
detach
attach "$stage/first:$stage/live:/" second
dance 2

mkdir "$stage/before"
mount -t overlay overlay -o "lowerdir=$stage/first:$stage/live:/" "$stage/before"
find "$stage/second" -mindepth 1 -printf '%P\0' | while IFS= read -r -d '' path; do
  [ "$(describe "$stage/before" "$path")" = "$(describe "$stage/root" "$path")" ] ||
    printf 'changed /%q\n' "$path"
done

while IFS= read -r path; do
  mkdir -p "$work/kept$(dirname "$path")"
  cp -RP --no-preserve=mode "$stage/root$path" "$work/kept$path"
  # By a command inside: accounts of the throw-away root are known only there.
  printf 'kept %s %s\n' "$(inside keep stat -c '%a:%U:%G' "$path")" "$path"
done <"$work/keep"
