#!/bin/sh
# DISCO stands here in place of userdel, usermod and deluser: they refuse to touch an account that a
# process runs as, and the sandbox sees its own processes only. So the live system is asked first.
name=${0##*/}
case $name in
  # Which of the options take a word, and which do what a running process must not meet.
  usermod) takes=cdefgGlpRPsuvVwWZ meets=duVlW ;;
  userdel) takes=RP meets='' ;;
  *) takes='' meets='' ;;
esac
user='' count=0 skip='' elsewhere='' meeting='' ended=''
[ "$name" = usermod ] || meeting=yes
for word do
  if [ "$skip" ]; then skip='' && continue; fi
  if [ -z "$ended" ]; then
    case $word in
      --) ended=yes && continue ;;
      --force) [ "$name" != userdel ] || elsewhere=yes ;;
      --group | --only-if-empty) [ "$name" != deluser ] || elsewhere=yes ;;
      --conf | --backup-to | --backup-suffix | --root | --prefix | --comment | --expiredate | \
        --inactive | --gid | --groups | --password | --shell | --add-subuids | --add-subgids | \
        --selinux-user) skip=yes ;;
      --home | --login | --uid | --del-subuids | --del-subgids) skip=yes meeting=yes ;;
    esac
    case $word in
      --root* | --prefix*) elsewhere=yes ;;
      --home=* | --login=* | --uid=* | --del-subuids=* | --del-subgids=*) meeting=yes ;;
    esac
    case $word in
      --*) continue ;;
      -?*)
        letters=${word#-}
        while [ "$letters" ]; do
          rest=${letters#?} letter=${letters%"${letters#?}"} letters=$rest
          case $letter in
            f) [ "$name" != userdel ] || elsewhere=yes ;;
            R | P) elsewhere=yes ;;
          esac
          case $meets in *"$letter"*) meeting=yes ;; esac
          case $takes in *"$letter"*) [ "$rest" ] || skip=yes; letters='' ;; esac
        done
        continue
        ;;
    esac
  fi
  user=$word count=$((count + 1))
done
if [ "$meeting" ] && [ -z "$elsewhere" ] && [ "$count" -eq 1 ] && uid=$(id -u -- "$user" 2>/dev/null); then
  tool=$name
  [ "$name" != deluser ] || tool=userdel
  process=$(/run/disco/bin/disco-ask disco-busy "$user" "$uid")
  case $? in
    0) echo "$tool: user $user is currently used by process $process" >&2 && exit 8 ;;
    1) ;;
    *) echo "$tool: the live system does not say whether user $user is in use" >&2 && exit 8 ;;
  esac
fi
for real in /usr/sbin/"$name" /sbin/"$name" /usr/bin/"$name" /bin/"$name"; do
  [ ! -x "$real" ] || exec "$real" "$@"
done
echo "$name: not found" >&2
exit 127
