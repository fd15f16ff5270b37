/**
 * Jobs with the tools of Debian that keep books of their own.
 *
 * @module
 */
import { UNIVERSE } from "../../dance/support.ts";
import type { Job } from "../job.ts";

const CERTIFICATE =
  `${UNIVERSE}/balls/ca-certificates/files/usr/local/share/ca-certificates/example-root.crt`;

export const DEBIAN: readonly Job[] = [
  {
    name: "update-alternatives",
    before: "mkdir /opt/e; for e in one two; do echo $e >/opt/e/$e; echo $e >/opt/e/$e.1; done",
    ball: {
      "scripts/10-alternatives": `set -e
        for e in one two; do
          update-alternatives --install /usr/bin/my-edit my-edit /opt/e/$e 50 \\
            --slave /usr/share/man/man1/my-edit.1 my-edit.1 /opt/e/$e.1
        done
        update-alternatives --set my-edit /opt/e/two
      `,
    },
  },
  {
    name: "dpkg-divert, dpkg-statoverride",
    ball: {
      "scripts/10-divert": `set -e
        dpkg-divert --local --rename --divert /etc/issue.distrib --add /etc/issue
        echo 'Authorized use only' >/etc/issue
        dpkg-statoverride --list /usr/bin/chage ||
          dpkg-statoverride --update --add root adm 0750 /usr/bin/chage
      `,
    },
  },
  {
    name: "update-ca-certificates",
    tools: ["update-ca-certificates"],
    // What other packages hook in writes times of its own.
    before: "rm -rf /etc/ca-certificates/update.d/*",
    ball: {
      "files/usr/local/share/ca-certificates/mine.crt": Deno.readTextFileSync(CERTIFICATE),
      "scripts/10-trust": "update-ca-certificates",
    },
  },
  {
    name: "msgfmt and ldconfig",
    tools: ["msgfmt"],
    ball: {
      "files/usr/local/src/app/de.po":
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "yes"\nmsgstr "ja"\n',
      "scripts/10-compile": `set -e
        mkdir -p /usr/local/share/locale/de/LC_MESSAGES
        msgfmt -o /usr/local/share/locale/de/LC_MESSAGES/app.mo /usr/local/src/app/de.po
        for library in /usr/lib/*/libz.so.1; do
          install -D -m 0644 "$library" /usr/local/lib/app/libmine.so.1
        done
        echo /usr/local/lib/app >/etc/ld.so.conf.d/app.conf
        ldconfig
      `,
    },
  },
];
