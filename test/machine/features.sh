# Runs features.pl, which it gets on standard input, and asks what is easier asked by commands.
mkdir -p /run/features
mount -t tmpfs none /run/features
cd /run/features || exit 1
perl -

say() {
  local what=$1
  shift
  if "$@" >/dev/null 2>&1; then echo "$what: yes"; else echo "$what: no"; fi
}

rm -rf lower upper work
mkdir lower upper work
echo content >lower/file
options=lowerdir=lower,upperdir=upper,workdir=work
mount -t overlay none -o $options,metacopy=on,redirect_dir=on,index=off merged
chmod 600 merged/file
mv merged/file merged/moved
say 'a change of mode copies no content (metacopy)' getfattr -n trusted.overlay.metacopy upper/moved
say 'dummy network devices' unshare -n ip link add eth9 type dummy
say 'veth network devices' unshare -n ip link add eth9 type veth
as_user='setpriv --reuid 1000 --regid 1000 --clear-groups'
# shellcheck disable=SC2086
say 'user namespaces of users' $as_user unshare -Ur true
# shellcheck disable=SC2086
say 'overlays of users' $as_user unshare -Urm sh -c '
  mount -t tmpfs none /mnt && mkdir /mnt/u /mnt/w &&
  mount -t overlay none -o lowerdir=/etc,upperdir=/mnt/u,workdir=/mnt/w,userxattr /mnt'
