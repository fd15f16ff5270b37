#!/bin/sh
# Holds one throw-away host: hold.sh CGROUP SCRATCH-SIZE ROOT IMAGE-SIZE FQDN ID FOLDER...
#
# CGROUP is a cgroup (version 2) to make for the host, or empty. The host ends when its standard
# input does, so it goes even if the test process is killed; this script waits and cleans up.
set -u
trap '' INT HUP TERM QUIT
here=${0%/*}
cgroup=$1
shift
[ -z "$cgroup" ] || mkdir "$cgroup" || exit 1
(
  [ -z "$cgroup" ] || echo 0 >"$cgroup/cgroup.procs"
  exec unshare --cgroup --mount --propagation private --pid --fork --kill-child --uts --ipc --net \
    sh "$here/build.sh" "$cgroup" "$@"
)
code=$?
tries=100
while [ -n "$cgroup" ] && [ -d "$cgroup" ] && [ "$tries" -gt 0 ]; do
  find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null && break
  tries=$((tries - 1))
  sleep 0.02
done
exit "$code"
