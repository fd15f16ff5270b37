/**
 * Jobs whose outcome depends on what the machine is: a firewall in its kernel, a root that is an
 * overlay.
 *
 * @module
 */
import type { Job } from "../job.ts";

/** What nft needs besides the libraries of every Debian. */
const NFT = ["nftables", "libnftables1", "libnftnl11"];
const RULES = `flush ruleset
table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    iif lo accept
    tcp dport { 22, 443 } accept
  }
}
`;
const INSTALL = `dpkg --force-depends --install ${
  NFT.map((name) => `/srv/repo/${name}_*.deb`).join(" ")
}`;

/** In each of them a plain run and a dance are held side by side. */
export const GROUND: readonly Job[] = [
  {
    name: "a container's root: directories of the image are renamed, an account is added",
    root: "overlay",
    ball: {
      "files/etc/profile.d/site.sh": "export SITE=1\n",
      "scripts/10-clean": `set -e
        [ ! -d /etc/apt/preferences.d ] || mv /etc/apt/preferences.d /etc/apt/old-preferences.d
        getent passwd site >/dev/null || useradd --system --no-create-home --shell /bin/false site
        chmod 0750 /etc/profile.d
        sed -i 's/^#DSHELL=.*/DSHELL=\\/bin\\/sh/' /etc/adduser.conf
      `,
    },
  },
  {
    name: "a firewall of nft, loaded from a file",
    packages: NFT,
    before: INSTALL,
    ball: {
      "files/etc/nftables.conf": RULES,
      "permissions": "0755 root root /etc/nftables.conf\n",
      "scripts/10-load": "nft -f /etc/nftables.conf\n",
    },
    asks: "nft list ruleset",
  },
  {
    name: "a firewall of nft, loaded from standard input, with a saved copy",
    packages: NFT,
    before: `${INSTALL}; nft add table ip old`,
    ball: {
      "scripts/10-load": `set -e
        cat >/etc/nftables.saved <<'E'
${RULES}E
        nft -f - </etc/nftables.saved
        nft -f - <<'E'
add rule inet filter input udp dport 53 accept
E
      `,
    },
    asks: "nft list ruleset",
  },
  {
    name: "a disk that is full: a database's dump beside a setting",
    tools: ["mkfs.ext4"],
    before: `truncate -s 16M /srv/disk; mkfs.ext4 -q /srv/disk; mkdir /srv/m
      mount -o loop /srv/disk /srv/m; head -c 100M /dev/zero >/srv/m/ballast 2>/dev/null || :`,
    ball: {
      "files/etc/app.conf": "dump = /srv/m/dump\n",
      "scripts/10-dump": "seq 50000 >/srv/m/dump",
    },
    busy: /^\/srv\/disk$/,
    fails: 'Cannot stage 1 changes for "/srv/m"',
  },
];
