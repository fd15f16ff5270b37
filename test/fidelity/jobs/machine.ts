/**
 * Jobs with the machine's own disks, accounts and attributes.
 *
 * @module
 */
import type { Job } from "../job.ts";

export const MACHINE: readonly Job[] = [
  {
    name: "a swap file",
    tools: ["mkswap", "fallocate"],
    before: "touch /etc/fstab",
    ball: {
      "scripts/10-swap": `set -e
        [ -e /swapfile ] || {
          fallocate -l 8M /swapfile
          chmod 0600 /swapfile
          mkswap -U 6f2b3d0e-54f1-4a1b-8c77-1f3a3c1f0002 /swapfile
        }
        grep -q ^/swapfile /etc/fstab || echo '/swapfile none swap sw 0 0' >>/etc/fstab
      `,
    },
  },
  {
    name: "a name for the host",
    before: "echo old >/etc/hostname; printf '127.0.1.1 old\n' >>/etc/hosts",
    ball: {
      "scripts/10-name": `set -e
        echo web1 >/etc/hostname
        sed -i 's/^127.0.1.1 .*/127.0.1.1 web1.example.org web1/' /etc/hosts
      `,
    },
  },
  {
    name: "a release: tar, mv, ln -sfn",
    tools: ["tar"],
    before: `mkdir -p /opt/app/releases/1/public /srv/dist/app-2/public; cd /opt/app
      echo one >releases/1/public/index; ln -s releases/1 current
      echo two >/srv/dist/app-2/public/index; ln /srv/dist/app-2/public/index /srv/dist/app-2/same
      tar -C /srv/dist --sort=name -czf /srv/dist/app-2.tar.gz app-2`,
    ball: {
      "scripts/10-release": `set -e
        cd /opt/app
        [ -d releases/2 ] || {
          tar -xzf /srv/dist/app-2.tar.gz -C /opt/app
          mv app-2 releases/2
        }
        ln -sfn releases/2 current.new && mv -T current.new current
        rm -rf releases/1
      `,
    },
  },
  {
    name: "capabilities and ACLs",
    tools: ["setcap", "setfacl"],
    before: "cp /bin/true /usr/local/bin/serve; mkdir -p /srv/share; echo x >/srv/share/file",
    ball: {
      "scripts/10-attributes": `set -e
        setcap cap_net_bind_service+ep /usr/local/bin/serve
        setfacl -m u:games:rx,d:u:games:rx /srv/share
        setfacl -m u:games:r /srv/share/file
      `,
    },
  },
  {
    name: "three names of one file",
    before: "mkdir -p /srv/names; cd /srv/names; echo one >a; ln a b; ln a c",
    ball: {
      "scripts/10-mode": "cd /srv/names; chmod 0640 *; chgrp games *",
    },
  },
  {
    name: "systemd-sysusers and a folder of its account",
    tools: ["systemd-sysusers"],
    ball: {
      "files/etc/sysusers.d/app.conf": 'u app 861 "An app" /var/lib/app\n',
      "scripts/10-account": `set -e
        systemd-sysusers /etc/sysusers.d/app.conf
        install -d -m 0750 -o app -g app /var/lib/app
      `,
    },
  },
  {
    name: "systemd-tmpfiles --create",
    tools: ["systemd-tmpfiles"],
    ball: {
      "files/etc/tmpfiles.d/app.conf":
        "d /var/lib/app 0750 games games -\nL /var/lib/app/etc - - - - ../../../etc\n",
      "scripts/10-create": "systemd-tmpfiles --create /etc/tmpfiles.d/app.conf",
    },
  },
  {
    name: "a copy by hard links, then rsync",
    tools: ["rsync"],
    before: "mkdir -p /srv/data/sub; echo a >/srv/data/a; echo b >/srv/data/sub/b",
    ball: {
      "scripts/10-snapshot": `set -e
        [ -d /srv/snap ] || cp -al /srv/data /srv/snap
        rsync -aHAX --delete /srv/data/ /srv/mirror/
      `,
    },
  },
];
