#!/bin/sh
# DISCO stands here in place of sudo, which can gain no rights in the sandbox: scripts are root's, and
# other accounts are taken on without it. What it runs meets the policy by its name.
refuse() {
  echo "disco: sudo $1 cannot be had in a script: call the command, or sudo -u USER COMMAND" >&2
  exit 126
}
user=root
while [ $# -gt 0 ]; do
  case $1 in
    -u | --user) user=${2-} && shift ;;
    --user=*) user=${1#*=} ;;
    -u?*) user=${1#-u} ;;
    -n | -H | -E | -b | -k | -nE | -En | -nH | -Hn | -EH | -HE | --preserve-env* | --non-interactive | --set-home) ;;
    --) shift && break ;;
    -*) refuse "$1" ;;
    *) break ;;
  esac
  shift
done
[ $# -gt 0 ] || refuse 'without a command'
case $1 in
  /usr/sbin/* | /usr/bin/* | /sbin/* | /bin/* | /usr/local/sbin/* | /usr/local/bin/*)
    by_name=/run/disco/by-name/${1##*/}
    [ ! -x "$by_name" ] || { shift && set -- "$by_name" "$@"; }
    ;;
esac
case $user in
  root | '#0') exec env "$@" ;;
esac
group=$(id -g "$user") || exit 1
home=$(getent passwd "$user" | cut -d : -f 6)
exec setpriv --reuid "${user#\#}" --regid "$group" --init-groups env HOME="$home" USER="$user" LOGNAME="$user" "$@"
