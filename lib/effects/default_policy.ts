/**
 * The policy that ships with DISCO.
 *
 * @module
 */

/** Its lines; files in `/etc/disco/restricted.d/` add to them and override them. */
export const DEFAULT_POLICY = `
# systemd: questions and changes of files run, everything else acts on the running system.
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
systemctl enable --now    effect
systemctl disable --now   effect
journalctl                run
hostnamectl               effect
timedatectl               effect
localectl                 effect
loginctl                  effect

# sysvinit, OpenRC
service                   effect
rc-service                effect
invoke-rc.d               effect
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
sysctl                    run
sysctl -w                 effect
sysctl -p                 effect
sysctl --system           effect
sysctl --load             effect
modprobe                  effect
insmod                    effect
rmmod                     effect
udevadm                   effect

# mounts and network
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
