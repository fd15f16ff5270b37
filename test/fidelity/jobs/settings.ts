/**
 * Jobs that change settings: accounts, files, schedules, services.
 *
 * @module
 */
import type { Job } from "../job.ts";
import { CRON, installed } from "./packages.ts";

export const SETTINGS: readonly Job[] = [
  {
    name: "groupadd, useradd, usermod, userdel",
    before: `useradd --create-home former; useradd bob
      printf 'x\\n' >/home/former/file`,
    ball: {
      "scripts/10-accounts": `
        getent group ops || groupadd --gid 1850 ops
        getent passwd app || useradd --system --create-home --home-dir /var/lib/app app
        getent passwd alice || {
          useradd --create-home --shell /bin/bash --groups ops,adm --comment Alice alice
          chage --lastday 2026-01-01 --maxdays 90 alice
        }
        id -nG bob | grep -qw ops || usermod --append --groups ops --shell /bin/sh bob
        ! getent passwd former || userdel --remove former
        install -d -m 0700 -o alice -g alice /home/alice/.ssh
      `,
    },
  },
  {
    name: "sed -i, tee, awk",
    before: `printf 'port = 80\\n# tls = no\\nuser = nobody\\n' >/etc/app.conf
      chmod 0640 /etc/app.conf; chgrp adm /etc/app.conf`,
    ball: {
      "scripts/10-edit": `
        sed -i -e 's/^port = .*/port = 8080/' -e 's/^# tls = .*/tls = yes/' /etc/app.conf
        grep -q '10.0.0.7' /etc/hosts || echo '10.0.0.7 db.example.org db' | tee -a /etc/hosts
        echo 'net.ipv4.ip_forward = 1' | tee /etc/sysctl.d/60-app.conf
        sysctl -p /etc/sysctl.d/60-app.conf
        sed -i.orig 's/^UMASK.*/UMASK 027/' /etc/login.defs
        awk '/^user/ { $3 = "app" } { print }' /etc/app.conf >/tmp/app.conf
        cat /tmp/app.conf >/etc/app.conf
        sed -i 's/nothing of this kind/never/' /etc/hosts
      `,
    },
    restless: "a second sed -i.orig makes another .orig",
  },
  {
    name: "patch, with and without a backup",
    before: `mkdir -p /opt/src/lib && cd /opt/src && seq 40 >lib/numbers && echo a >first`,
    ball: {
      "files/opt/fix.patch": `--- a/first
+++ b/first
@@ -1 +1,2 @@
 a
+b
--- a/lib/numbers
+++ b/lib/numbers
@@ -19,3 +19,3 @@
 19
-20
+twenty
 21
--- /dev/null
+++ b/lib/new
@@ -0,0 +1 @@
+new
`,
      "scripts/10-patch": `cd /opt/src
        patch -p1 --dry-run --reverse --force --silent </opt/fix.patch || patch -p1 -b </opt/fix.patch
        diff -u first.orig first >/opt/first.diff || [ $? = 1 ]
        sed -i '1,2s/\\t.*//' /opt/first.diff
      `,
    },
    tools: ["patch"],
  },
  {
    name: "drop-ins for logrotate and cron",
    packages: ["logrotate", ...CRON],
    before: installed(["logrotate", ...CRON]),
    ball: {
      "parameters/app/keep": "14",
      "templates/etc/logrotate.d/app.eta":
        "/var/log/app/*.log {\n  rotate <%= it.param('app/keep') %>\n  daily\n  missingok\n}\n",
      "templates/etc/cron.d/app": 'echo "7 3 * * * root /usr/local/bin/app-clean"',
      "files/etc/cron.daily/app": "#!/bin/sh\nexit 0\n",
      "permissions": "0755 root root /etc/cron.daily/app\n0750 root adm /var/log/app\n",
      "files/var/log/app/.keep": "",
      "scripts/10-check":
        "logrotate --debug /etc/logrotate.d/app; run-parts --test /etc/cron.daily",
    },
  },
  {
    name: "crontab -u",
    packages: CRON,
    before: installed(CRON),
    ball: {
      "files/etc/app/crontab": "MAILTO=root\n*/5 * * * * /usr/local/bin/app-poll\n",
      "scripts/10-crontab": `
        crontab -u www-data -l | cmp -s - /etc/app/crontab || crontab -u www-data /etc/app/crontab
      `,
    },
  },
  {
    name: "systemctl enable, disable, mask",
    tools: ["systemctl"],
    before: `printf '[Service]\\nExecStart=/bin/true\\n[Install]\\nWantedBy=multi-user.target\\n' \\
        >/etc/systemd/system/former.service
      systemctl enable former.service`,
    ball: {
      "files/etc/systemd/system/app.service": UNIT("/usr/bin/app"),
      "files/etc/systemd/system/worker@.service": UNIT("/usr/bin/worker %i"),
      "files/etc/systemd/system/app.service.d/limits.conf": "[Service]\nLimitNOFILE=4096\n",
      "scripts/10-units": `set -e
        systemctl enable app.service worker@one.service
        systemctl is-enabled app.service
        systemctl disable former.service
        systemctl mask ctrl-alt-del.target
        systemctl set-default multi-user.target
        systemctl daemon-reload
        systemctl restart app.service
      `,
    },
    notPlain: "systemctl asks a systemd that does not run there",
    starts: "app.service",
  },
  {
    name: "time zone and locale",
    ball: {
      "scripts/10-zone": `set -e
        ln -sfn /usr/share/zoneinfo/Europe/Berlin /etc/localtime
        echo Europe/Berlin >/etc/timezone
        debconf-show tzdata | grep -q 'Europe: Berlin' || printf 'tzdata tzdata/Areas select Europe\\ntzdata tzdata/Zones/Europe select Berlin\\n' |
          debconf-set-selections
        localedef -i de_DE -f UTF-8 de_DE.UTF-8
        printf 'LANG=de_DE.UTF-8\\nLC_MESSAGES=C\\n' >/etc/default/locale
      `,
    },
    tools: ["localedef"],
  },
];

function UNIT(command: string): string {
  return `[Service]
ExecStart=${command}
[Install]
WantedBy=multi-user.target
`;
}
