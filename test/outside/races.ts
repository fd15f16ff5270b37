/**
 * Races with a user who lets two names change places as fast as the kernel can.
 *
 * @module
 */
import type { Attack, Mode } from "./attack.ts";
import { SECRET } from "./scene.ts";

/** A race, and the program that would lose it. */
export interface Race extends Attack {
  /** A verb of `old_way.ts`: the same work by plain paths. */
  readonly old: string;
  /** Bash on the host that succeeds once the old way was hit. */
  readonly isHit: string;
}

/** Perl that runs as the user: renameat2(RENAME_EXCHANGE) of each pair, for ever. */
const swapping = (...pairs: string[]) =>
  `alice: cd /home/alice; exec perl -e '
my $call = \`uname -m\` =~ /aarch64/ ? 276 : 316;
$| = 1; print "ready\\n";
while (1) { for my $i (0 .. $#ARGV / 2) { syscall $call, -100, $ARGV[2 * $i], -100, $ARGV[2 * $i + 1], 2 } }' ${
    pairs.join(" ")
  }`;

const LIVE: readonly Mode[] = ["live"];
const HOME = { changes: /^\/(etc|home\/alice)\b/, noise: /^\/home\/alice\b/ };
const FOLDER = `cd /home/alice; mkdir d; for i in $(seq 200); do echo old >d/$i; done
echo old >d/secret; ln -s /opt/tree trap; chown -hR 1000:1000 .; cd /\n`;

/** The races. */
export const RACES: readonly Race[] = [
  {
    what: "~/.disco and a link to /opt/tree change places while a merge stages, commits and prunes",
    modes: LIVE,
    host: "ln -s /opt/tree /home/alice/trap; chown -h 1000:1000 /home/alice/trap\n" +
      "mkdir -p /etc/disco/client; echo 1 >/etc/disco/client/generations\n",
    earlier: [{ a: { "files/home/alice/one/below": "1\n" } }],
    during: swapping(".disco", "trap"),
    balls: { a: { "files/home/alice/one/below": "2\n", "files/etc/new": "new\n" } },
    then: HOME,
    old: "stage",
    isHit: "[ ! -e /opt/tree/below ]",
  },
  {
    what: "names of files and of a link to /root/secret change places while owner and mode are set",
    modes: LIVE,
    host: `${FOLDER}ln -sfn /root/secret /home/alice/trap\n`,
    during: swapping(...Array.from({ length: 20 }, (_, i) => `d/${i * 10 + 1} trap`)),
    // A script that followed links would be led astray by itself.
    balls: { a: { "scripts/10": "chown -hR 1000:1001 /home/alice/d" } },
    then: HOME,
    old: "attributes",
    isHit: "[ $(stat -c %a /root/secret) != 600 ]",
  },
  {
    what: "a folder and a link to /opt/tree change places while files are delivered to it",
    modes: LIVE,
    host: FOLDER,
    during: swapping("d", "trap"),
    balls: {
      a: Object.fromEntries(
        Array.from({ length: 30 }, (_, i) => [`files/home/alice/d/new-${i}`, "new\n"]),
      ),
    },
    then: HOME,
    old: "deliver",
    isHit: "ls /opt/tree/new-*",
  },
  {
    what: "a folder and a link to /opt/tree change places while what was added to it is taken back",
    modes: ["rollback"],
    host: FOLDER,
    during: swapping("d", "trap"),
    balls: {
      a: {
        "files/home/alice/d/below/b": "b\n",
        "files/home/alice/d/secret": "new\n",
        "scripts/10": "rm /home/alice/d/1*",
      },
    },
    then: HOME,
    old: "remove",
    isHit: "[ ! -e /opt/tree/below ]",
  },
  {
    what: "a folder and a link to /opt/tree change places while a diff is made",
    modes: ["dry"],
    host: FOLDER,
    during: swapping("d", "trap"),
    balls: { a: { "files/home/alice/d/secret": "new\n", "files/home/alice/d/1": "new\n" } },
    then: { ...HOME, hides: new RegExp(SECRET) },
    old: "read",
    isHit: "[ -e /run/test/read ]",
  },
];
