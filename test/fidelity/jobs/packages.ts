/**
 * Jobs that install real Debian packages.
 *
 * @module
 */
import type { Job } from "../job.ts";

/** In the order in which dpkg can install them. */
export const CRON = ["cron-daemon-common", "cron"];

// Once only: debconf keeps a copy of what was there before each call.
const ANSWERS = `[ -e /etc/default/tftpd-hpa ] || debconf-set-selections <<'END'
tftpd-hpa tftpd-hpa/directory string /srv/boot
END
`;

/** One a kind of package. */
export const PACKAGES: readonly Job[] = [
  install("a plain tool", ["hello"]),
  { ...install("a daemon with its account and settings", CRON), starts: "cron" },
  { ...install("a server that asks debconf", ["tftpd-hpa"], ANSWERS), starts: "tftpd" },
  install("an alternative", ["nvi"]),
  install("a library, for which ldconfig runs", ["libev4"]),
  install("a tool with a timer", ["logrotate"]),
  {
    name: "apt purges a package",
    packages: CRON,
    before: installed(CRON),
    ball: { "scripts/10-purge": "! dpkg -s cron || apt-get purge -y cron cron-daemon-common" },
  },
];

/** A script that installs packages on a host before a job; no trigger runs, which saves time. */
export function installed(packages: readonly string[]): string {
  return packages.map((name) => `dpkg --no-triggers --install /srv/repo/${name}_*.deb\n`).join("");
}

function install(what: string, packages: readonly string[], first = ""): Job {
  return {
    name: `apt installs ${what}`,
    packages,
    // Where the machine has it already, the host has it no more.
    before: `dpkg --purge --force-depends ${packages.join(" ")}`,
    ball: {
      "scripts/10-install": `${first}apt-get update && apt-get install -y ${packages.at(-1)}`,
    },
  };
}
