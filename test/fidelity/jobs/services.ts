/**
 * Jobs around services: their settings are tried before they are merged, their state is asked for.
 *
 * @module
 */
import type { Job } from "../job.ts";

const PHP = [
  "php-common",
  "php8.2-common",
  "php8.2-opcache",
  "php8.2-readline",
  "php8.2-cli",
  "php8.2-fpm",
];
const INITRAMFS = [
  "cpio",
  "kmod",
  "libklibc",
  "klibc-utils",
  "initramfs-tools-core",
  "linux-base",
  "initramfs-tools",
];

export const SERVICES: readonly Job[] = [
  {
    name: "sshd -t before a reload",
    tools: ["sshd", "ssh-keygen"],
    before: "mkdir -p /run/sshd; ssh-keygen -A",
    ball: {
      "files/etc/ssh/sshd_config.d/50-site.conf": "PermitRootLogin no\nMaxAuthTries 3\n",
      "scripts/10-check": "sshd -t && systemctl reload ssh",
    },
  },
  {
    name: "nginx: a site, nginx -t, a reload",
    packages: ["nginx-common", "nginx"],
    before: "dpkg --purge --force-depends nginx nginx-common",
    ball: {
      "files/etc/nginx/sites-available/app":
        "server {\n  listen 127.0.0.1:8080;\n  root /srv/www;\n}\n",
      "files/srv/www/index.html": "<p>here\n",
      "scripts/10-install":
        "set -e; command -v nginx || { apt-get update; apt-get install -y nginx; }",
      "scripts/20-site": `set -e
        ln -sfn ../sites-available/app /etc/nginx/sites-enabled/app
        rm -f /etc/nginx/sites-enabled/default
        nginx -t
        systemctl reload nginx
      `,
    },
    starts: "nginx",
  },
  {
    name: "sudoers, tried by visudo",
    packages: ["sudo"],
    before: "dpkg --purge --force-depends sudo",
    ball: {
      "files/etc/sudoers.d/ops": "%ops ALL=(root) NOPASSWD: /usr/bin/systemctl reload nginx\n",
      "permissions": "0440 root root /etc/sudoers.d/ops\n",
      "scripts/10-sudo": `set -e
        command -v visudo || { apt-get update; apt-get install -y sudo; }
        visudo -cf /etc/sudoers.d/ops
        ! echo 'ops ALL=(' | visudo -cf -
      `,
    },
  },
  {
    name: "php-fpm, which needs its folder in /run",
    packages: PHP,
    before: `dpkg --purge --force-depends ${PHP.join(" ")}`,
    ball: {
      "scripts/10-install": `set -e
        command -v php-fpm8.2 || { apt-get update; apt-get install -y php8.2-fpm; }
        sed -i 's/^pm.max_children = .*/pm.max_children = 9/' /etc/php/8.2/fpm/pool.d/www.conf
        php-fpm8.2 -t
        systemctl restart php8.2-fpm
      `,
    },
    busy: /^\/var\/log\/php8.2-fpm\.log$/,
    restless: "php-fpm8.2 -t writes to its log",
    starts: "php8.2-fpm",
  },
  {
    name: "an initramfs out of the machine's own programs",
    packages: INITRAMFS,
    before: `dpkg --force-depends --no-triggers --install ${
      INITRAMFS.map((name) => `/srv/repo/${name}_*.deb`).join(" ")
    }
      mkdir -p /lib/modules/6.1.0-99-test; : >/lib/modules/6.1.0-99-test/modules.order
      : >/lib/modules/6.1.0-99-test/modules.builtin; echo CONFIG_RD_GZIP=y >/boot/config-6.1.0-99-test
      printf 'MODULES=list\\nCOMPRESS=gzip\\n' >/etc/initramfs-tools/conf.d/small`,
    ball: {
      "scripts/10-initramfs": `set -e
        export SOURCE_DATE_EPOCH=1700000000
        depmod 6.1.0-99-test
        [ -e /boot/initrd.img-6.1.0-99-test ] || update-initramfs -c -k 6.1.0-99-test
        mkdir -p /opt/initrd
        [ -e /opt/initrd/main ] || unmkinitramfs /boot/initrd.img-6.1.0-99-test /opt/initrd/main
        ! grep -rlq 'DISCO stands here' /opt/initrd/main
        [ -z "$(find /opt/initrd/main -lname '/run/disco*')" ]
      `,
    },
  },
  {
    name: "a kernel's package, whose scripts build its initramfs",
    packages: [...INITRAMFS, "meta:linux-image-cloud-amd64"],
    before: `dpkg --force-depends --no-triggers --install ${
      INITRAMFS.map((name) => `/srv/repo/${name}_*.deb`).join(" ")
    }
      printf 'MODULES=list\\nCOMPRESS=gzip\\n' >/etc/initramfs-tools/conf.d/small`,
    ball: {
      "files/etc/initramfs-tools/modules": "virtio_blk\n",
      "scripts/10-kernel": `set -e
        export SOURCE_DATE_EPOCH=1700000000
        [ -e /vmlinuz ] || dpkg --force-depends --install /srv/repo/linux-image-*_*.deb
        ls /boot/initrd.img-*-cloud-amd64
      `,
    },
  },
  {
    name: "a database that is only asked",
    tools: ["sqlite3"],
    before: `mkdir -p /var/lib/app
      sqlite3 /var/lib/app/db 'pragma journal_mode=wal; create table t(x); insert into t values (7)'`,
    ball: {
      "scripts/10-ask": "sqlite3 /var/lib/app/db 'select count(*) from t' >/etc/app.count",
    },
  },
  {
    name: "a log that grows all the time",
    busy: /^\/var\/log\/busy\.log$/,
    before: `mkdir -p /var/log; : >/var/log/busy.log
      (for i in $(seq 3000); do echo "line $i" >>/var/log/busy.log; sleep 0.02; done) >/dev/null 2>&1 &`,
    ball: {
      "scripts/10-log": `set -e
        exec 5>>/var/log/busy.log
        chmod 0640 /var/log/busy.log
        echo ready >/etc/busy
      `,
    },
  },
  {
    name: "fstab by what blkid says",
    tools: ["blkid", "mkfs.ext4"],
    before: `truncate -s 8M /srv/disk
      mkfs.ext4 -q -U 6f2b3d0e-54f1-4a1b-8c77-1f3a3c1f0001 /srv/disk; touch /etc/fstab`,
    ball: {
      "scripts/10-fstab": `set -e
        uuid=$(/usr/sbin/blkid -s UUID -o value /srv/disk)
        mkdir -p /data
        grep -q " /data " /etc/fstab || echo "UUID=$uuid /data ext4 defaults,nofail 0 2" >>/etc/fstab
      `,
    },
  },
];
