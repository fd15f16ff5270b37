/**
 * The policy that ships with DISCO.
 *
 * @module
 */

/** Its lines, the last word being the verdict (see `policy.ts`); files in `/etc/disco/restricted.d/` add to them and override them. */
export const DEFAULT_POLICY = `
# systemd: changes of files run, the host answers questions, the rest acts on the running system.
systemctl                 effect
systemctl is-enabled      run
systemctl list-unit-files run
systemctl cat             run
systemctl get-default     run
systemctl enable          run
systemctl disable         run
systemctl mask            run
systemctl unmask          run
systemctl preset          run
systemctl set-default     run
systemctl --version       run
systemctl is-active       host
systemctl is-failed       host
systemctl is-system-running host
systemctl status          host
systemctl show            host
systemctl list-units      host
systemctl list-timers     host
systemctl list-sockets    host
systemctl list-dependencies host
systemctl enable --now    effect
systemctl disable --now   effect
journalctl                host
hostnamectl               effect
hostnamectl status        host
timedatectl               effect
timedatectl show          host
timedatectl status        host
localectl                 effect
loginctl                  effect

# sysvinit, OpenRC
service                   effect
service * status          host
rc-service                effect
rc-service * status       host
rc-status                 host
invoke-rc.d               effect
invoke-rc.d * status      host
initctl                   effect
telinit                   effect
init                      effect

# power
reboot                    effect
poweroff                  effect
halt                      effect
shutdown                  effect
kexec                     effect

# processes outside the sandbox
killall                   effect
pkill                     effect

# kernel
sysctl                    host
sysctl *=*                effect
sysctl * *=*              effect
sysctl -w*                effect
sysctl -p*                effect
sysctl -f*                effect
sysctl -qw*               effect
sysctl -qp*               effect
sysctl -ew*               effect
sysctl -ep*               effect
sysctl --write*           effect
sysctl --load*            effect
sysctl --system           effect
modprobe                  effect
insmod                    effect
rmmod                     effect
udevadm                   effect

# mounts and network
ip                        effect
ip a                      host
ip addr                   host
ip address                host
ip l                      host
ip link                   host
ip r                      host
ip route                  host
ip rule                   host
ip neigh                  host
# ip understands abbreviations: only what surely asks is a question.
ip * *                    effect
ip * show                 host
ip * sh                   host
ip * list                 host
ip * lst                  host
ip * ls                   host
ip * get                  host
mount                     effect
umount                    effect
swapon                    effect
swapoff                   effect
iptables                  effect
ip6tables                 effect
iptables-restore          effect
ip6tables-restore         effect
nft                       effect
ufw                       effect
firewall-cmd              effect
ifup                      effect
ifdown                    effect
netplan                   effect
`;
