/**
 * Programs of a machine that has busybox and no shadow utilities.
 *
 * @module
 */
/** As far as the balls use them, what the commands of busybox do. */
export const BUSYBOX: Readonly<Record<string, string>> = {
  "/usr/sbin/adduser": `#!/bin/bash
set -eu
home= shell=/bin/sh group= make=yes
while getopts Du:h:s:HSG: option; do
  case $option in
    u) uid=$OPTARG ;; h) home=$OPTARG ;; s) shell=$OPTARG ;; H) make= ;; G) group=$OPTARG ;; *) ;;
  esac
done
name=\${!OPTIND}
: "\${uid:=990}" "\${home:=/home/$name}"
[ -n "$group" ] || { group=$name; echo "$name:x:$uid:" >>/etc/group; }
echo "$name:x:$uid:$(awk -F: -v g="$group" '$1 == g { print $3 }' /etc/group)::$home:$shell" >>/etc/passwd
echo "$name:!:19000:0:99999:7:::" >>/etc/shadow
[ -z "$make" ] || { mkdir -p "$home"; chown "$uid" "$home"; }
`,
  "/usr/sbin/addgroup": `#!/bin/bash
set -eu
gid=2700
while getopts Sg: option; do [ "$option" != g ] || gid=$OPTARG; done
shift $((OPTIND - 1))
if [ $# -eq 2 ]; then
  sed -i "/^$2:/{s/\\$/,$1/;s/:,/:/}" /etc/group
else
  while grep -q ":x:$gid:" /etc/group; do gid=$((gid + 1)); done
  echo "$1:x:$gid:" >>/etc/group
fi
`,
};
