#!/bin/sh
# Builds the root of a throw-away host, makes it `/`, says "ready PID" (its process 1, as the machine
# counts), and waits. Called by hold.sh as process 1 of namespaces of its own.
#
# What stays reachable for the test process are descriptors of process 1: 9 is the scratch (with
# `upper`), 8 the root and 7 its lower tree; 6 and 5 are the same for an overlay on /usr. All are
# without what is mounted on them, and none has a path in the host. They are mounts of their own
# that keep no access times: who looks through them leaves no trace.
set -eu
cgroup=$1 size=$2 kind=$3 image=$4 fqdn=$5 id=$6
shift 6
read -r pid _ </proc/self/stat

# /sys is the one place where nobody's files are, so nothing that is needed below gets covered.
mount -t tmpfs -o "noatime,mode=0755,size=$size" "$id" /sys
mkdir /sys/lower /sys/upper /sys/work /sys/root /sys/view

# overlay LOWER-TREE NAME-PREFIX MOUNTPOINT: as near to an ordinary file system as overlayfs gets
# (directories can be renamed, hard links and inode numbers survive a change), or as a container's root.
features=redirect_dir=on,index=on,xino=on
[ "$kind" != overlay ] || features=redirect_dir=off,index=off,metacopy=off,xino=off
overlay() {
  mount --bind "$1" "/sys/$2lower"
  mount -t overlay -o "$features,lowerdir=/sys/$2lower,upperdir=/sys/$2upper,workdir=/sys/$2work" \
    "$id" "$3"
}

case $kind in
tmpfs | overlay)
  overlay / '' /sys/root
  ;;
*)
  truncate -s "$image" "/sys/$id.img"
  "mkfs.$kind" -q "/sys/$id.img" >/dev/null
  mount -o loop "/sys/$id.img" /sys/root
  cd /sys/root
  mkdir -p usr proc sys dev run boot home mnt opt srv var/cache var/lib var/local var/log var/spool var/tmp
  mkdir -m 0700 root
  mkdir -m 1777 tmp
  chmod 1777 var/tmp
  ln -s /run var/run
  for name in bin sbin lib lib32 lib64 libx32; do
    if [ -L "/$name" ]; then
      cp -a "/$name" .
    elif [ -d "/$name" ]; then
      mkdir "$name"
      mount --bind -o ro "/$name" "$name"
    fi
  done
  cp -a --one-file-system /etc .
  mkdir /sys/usr-lower /sys/usr-upper /sys/usr-work /sys/usr-view
  overlay /usr usr- usr
  mount --bind -o noatime usr /sys/usr-view
  exec 6</sys/usr-view 5</sys/usr-lower
  ;;
esac

cd /sys/root
rm -rf etc/disco var/disco etc/hosts etc/hostname
printf '127.0.0.1 localhost\n::1 localhost ip6-localhost\n127.0.1.1 %s %s\n' "$fqdn" "${fqdn%%.*}" >etc/hosts
printf '%s\n' "${fqdn%%.*}" >etc/hostname
mount --bind -o noatime . /sys/view
exec 9</sys 8</sys/view 7</sys/lower

mount -t tmpfs -o mode=0755 dev dev
cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty /dev/loop* dev
ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin
ln -s fd/1 dev/stdout
ln -s fd/2 dev/stderr
ln -s pts/ptmx dev/ptmx
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777,nosuid,nodev shm dev/shm
mount -t tmpfs -o mode=0755,nosuid,nodev run run
mount -t tmpfs -o mode=1777,nosuid,nodev tmp tmp
mkdir -m 1777 run/lock

# Kernel settings are the machine's, but for those of the network namespace.
mount -t proc proc proc
for path in sys sysrq-trigger irq bus fs; do
  [ ! -e "proc/$path" ] || mount --bind -o ro "proc/$path" "proc/$path"
done
mount --bind proc/sys/net proc/sys/net
mount -o remount,bind,rw proc/sys/net
mount -t sysfs -o ro sysfs sys
[ -z "$cgroup" ] || mount -t cgroup2 cgroup2 sys/fs/cgroup

for folder; do
  if [ -d "$folder" ]; then
    mkdir -p "./$folder"
    mount --bind -o ro "$folder" "./$folder"
  elif [ ! -e "./$folder" ]; then
    mkdir -p "./${folder%/*}"
    : >"./$folder"
    mount --bind -o ro "$folder" "./$folder"
  fi
done

pivot_root . .
umount -l .
cd /
mount --make-rshared /
hostname "${fqdn%%.*}"
ip link set lo up

echo "ready $pid"
# An ignored SIGCHLD lets the kernel bury what daemons leave behind.
exec env -i --ignore-signal=CHLD /bin/cat >/dev/null 2>&1
