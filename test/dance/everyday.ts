/**
 * Sequences of everyday commands that chance made, and what becomes of them: run plainly on a copy,
 * tried, danced and undone.
 *
 * @module
 */
import { describeTree } from "../transaction/support.ts";
import type { ThrowawayHost } from "../host/mod.ts";
import { Scene } from "../host/mod.ts";

/** What the commands work on. */
const FIXTURE = `
  mkdir -p etc/conf.d var/log var/spool home/u bin; cd etc
  for n in a b c d; do printf 'one %s\\ntwo\\nthree\\n' $n >$n.conf; done
  echo x >conf.d/10; echo y >conf.d/20; ln -s a.conf link; ln -s conf.d dir-link; cd ..
  seq 1000 >var/log/log; : >var/empty; mkfifo var/fifo; printf '#!/bin/sh\\n' >bin/tool
  chmod 755 bin/tool; chown -R 1000:1000 home/u; echo his >home/u/.rc; mkdir -p deep/1/2/3
  echo deep >deep/1/2/3/f; truncate -s 1M var/sparse; setfattr -n user.note -v 1 etc/b.conf
  setfacl -m u:1000:r etc/c.conf; mkdir -p etc/systemd/system etc/skel
  printf 'root:x:0:0:root:/root:/bin/sh\\nu1:x:2001:2001::/home/u1:/bin/sh\\n' >etc/passwd
  printf 'root:x:0:\\nu1:x:2001:\\nops:x:2100:\\n' >etc/group
  printf 'root:*:20000:0:99999:7:::\\nu1:!:20000:0:99999:7:::\\n' >etc/shadow; chmod 640 etc/shadow
  printf 'root:*::\\nu1:!::\\nops:!::\\n' >etc/gshadow; chmod 640 etc/gshadow; : >etc/login.defs
  for n in one two; do
    printf '[Service]\\nExecStart=/bin/true\\n[Install]\\nWantedBy=multi-user.target\\n' \
      >etc/systemd/system/$n.service
  done
  mkdir -p var/lib/dpkg/alternatives var/lib/dpkg/info etc/alternatives; : >var/lib/dpkg/diversions
  find . -exec touch -h -d @1000000000 {} +`;

/** Names, of which not all are there. */
const FILES = [
  ...["etc/a.conf", "etc/b.conf", "etc/c.conf", "etc/d.conf", "etc/conf.d/10", "etc/conf.d/20"],
  ...["etc/link", "var/log/log", "var/empty", "bin/tool", "home/u/.rc", "deep/1/2/3/f", "new"],
  ...["etc/new", "deep/n", "var/sparse", "etc/x y", "other/f"],
];
const FOLDERS = [
  "etc/conf.d",
  "var/log",
  "var/spool",
  "deep",
  "deep/1/2",
  "home/u",
  "other",
  "etc/n",
];

/** Accounts, groups and units, of which not all are there. */
const ACCOUNTS = ["u1", "u2", "u3"];
const GROUPS = ["ops", "dev"];
const UNITS = ["one", "two", "none"];

type Pick = <T>(from: readonly T[]) => T;

/** One command; `n` is unlike that of any other, so that no content comes twice. */
const COMMANDS: readonly ((pick: Pick, n: number) => string)[] = [
  (pick) => `touch '${pick(FILES)}'`,
  (pick, n) => `touch -d @${1_100_000_000 + n} '${pick(FILES)}'`,
  (pick, n) => `echo ${n} >>'${pick(FILES)}'`,
  (pick, n) => `echo ${n} >'${pick(FILES)}'`,
  (pick, n) => `sed -i 's/^/${n} /' '${pick(FILES)}'`,
  (pick) => `exec 5>>'${pick(FILES.slice(0, 6))}'`,
  (pick) => `mv '${pick(FILES)}' '${pick(FILES)}'`,
  (pick) => `mv -T '${pick(FOLDERS)}' '${pick(FOLDERS)}'`,
  (pick) => `rm -f '${pick(FILES)}'`,
  (pick) => `rm -r '${pick(FOLDERS)}'`,
  (pick) => `mkdir -p '${pick(FOLDERS)}'`,
  (pick) => `install -D -m 640 /etc/hostname '${pick(FOLDERS)}/host'`,
  (pick) => `chmod ${pick(["600", "755", "4755", "u+x", "g-r"])} '${pick(FILES)}'`,
  (pick) => `chmod -R ${pick(["go-w", "o=", "u+s"])} '${pick(FOLDERS)}'`,
  (pick) => `chown -R ${pick(["1000:1000", "0:0", "5", ":7"])} '${pick(FOLDERS)}'`,
  (pick) => `chown -h ${pick(["1000:1000", "33", ":7"])} '${pick(FILES)}'`,
  (pick) => copyOf(pick(FOLDERS), pick(FOLDERS)),
  (pick) => `cp -p '${pick(FILES)}' '${pick(FILES)}'`,
  (pick) => `rsync -a '${pick(FOLDERS)}/' '${pick(FOLDERS)}/'`,
  (pick) => `tar c '${pick(FOLDERS)}' | tar x -C '${pick(FOLDERS)}'`,
  (pick, n) => `setfattr -n user.a -v ${n} '${pick(FILES)}'`,
  (pick) => `setfattr -x user.note '${pick(FILES)}'`,
  (pick) => `setfacl -m u:1000:rw '${pick(FILES)}'`,
  (pick) => `setfacl -b '${pick(FILES)}'`,
  (pick, n) => `truncate -s ${n * 7} '${pick(FILES)}'`,
  (pick, n) => `fallocate -l ${1_100_000 + n} '${pick(FILES)}'`,
  (pick, n) => `echo ${n} | dd of='${pick(FILES)}' conv=notrunc status=none`,
  (pick) => `ln -s '${pick(FILES)}' '${pick(FILES)}.l'`,
  (pick) => `ln -sfn '${pick(FOLDERS)}' '${pick(FILES)}'`,
  (pick) => `ln '${pick(FILES)}' '${pick(FOLDERS)}/hard'`,
  (pick) => `mkfifo -m 600 '${pick(FILES)}'`,
  (_pick, n) =>
    `cp etc/a.conf etc/a.conf+ && echo u${n} >>etc/a.conf+ && mv etc/a.conf+ etc/a.conf`,
  (pick) => `find '${pick(FOLDERS)}' -type f -delete`,
  // Databases of a system, below another root.
  (pick) => `useradd --prefix "$PWD" --system --no-create-home '${pick(ACCOUNTS)}'`,
  (pick) => `usermod --prefix "$PWD" --append --groups '${pick(GROUPS)}' '${pick(ACCOUNTS)}'`,
  (pick) => `usermod --prefix "$PWD" --lock --shell /bin/false '${pick(ACCOUNTS)}'`,
  (pick) => `userdel --prefix "$PWD" '${pick(ACCOUNTS)}'`,
  (pick) => `groupadd --prefix "$PWD" '${pick(GROUPS)}'`,
  (pick) => `groupdel --prefix "$PWD" '${pick(GROUPS)}'`,
  (pick) => `systemctl --root="$PWD" ${pick(["enable", "disable", "mask"])} '${pick(UNITS)}'`,
  (pick) =>
    `update-alternatives --altdir "$PWD/etc/alternatives" --admindir "$PWD/var/lib/dpkg/alternatives" ` +
    `--quiet --install "$PWD/bin/x" x "$PWD/${pick(FILES)}" ${pick([1, 5, 9])}`,
  (pick) =>
    `dpkg-divert --quiet --admindir "$PWD/var/lib/dpkg" --rename --add "$PWD/${pick(FILES)}"`,
];

/** What cp(1) has copied of a folder into itself when it stops depends on the order of inodes. */
function copyOf(from: string, to: string): string {
  return `${to}/`.startsWith(`${from}/`) ? `ls '${from}'` : `cp -a '${from}' '${to}/copy'`;
}

/** Commands of one sequence. */
const LENGTH = 6;

/** A script that a seed makes; the same seed makes the same. What fails in it is passed over. */
export function everydayScript(seed: number): string {
  let state = seed >>> 0;
  // xorshift32, after one step that spreads near seeds.
  state = Math.imul(state ^ 0x9e3779b9, 0x85ebca6b) >>> 0 || 1;
  const random = () => {
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0) / 2 ** 32;
  };
  const pick: Pick = (from) => from[Math.floor(random() * from.length)]!;
  const lines = Array.from({ length: LENGTH }, (_, i) => pick(COMMANDS)(pick, seed % 997 * 10 + i));
  return lines.map((line) => `{ ${line}; } 2>/dev/null`).join("\n");
}

/** What differs from what a plain run does, or from before; empty where all is as it should be. */
export async function differencesOf(host: ThrowawayHost, script: string): Promise<unknown[]> {
  const wrong: unknown[] = [];
  const sh = (text: string) => host.run(["bash", "-ec", text]);
  await sh(
    `rm -rf /srv/w /srv/plain; mkdir /srv/w; cd /srv/w; ${FIXTURE}; cp -a /srv/w /srv/plain`,
  );
  const look = (folder: string) => describeTree(host, folder, { folderTimes: false });
  const expect = (what: string, found: string[], wanted: string[]) => {
    const lines = [
      ...found.filter((line) => !wanted.includes(line)).map((line) => `- ${line}`),
      ...wanted.filter((line) => !found.includes(line)).map((line) => `+ ${line}`),
    ];
    if (lines.length > 0) wrong.push({ what, lines });
  };
  const before = look("/srv/w");
  // The copy lies where the tree does, for some commands write down where they were told to look.
  const plain = `mount --bind /srv/plain /srv/w; umask 022; cd /srv/w; ${script}`;
  await host.exec(["unshare", "--mount", "bash", "-c", plain]);
  new Scene(host).balls({ a: { "scripts/1": `umask 022; cd /srv/w\n${script}\ntrue\n` } });
  const dry = await new Scene(host).dryRun();
  if (dry.code !== 0) wrong.push({ what: "dry run", error: dry.result.error ?? dry.stderr });
  expect("a dry run changes nothing", look("/srv/w"), before);
  const live = await new Scene(host).dance();
  if (live.code !== 0) wrong.push({ what: "live run", error: live.result.error ?? live.stderr });
  const [danced, plainly] = [look("/srv/w"), look("/srv/plain")];
  // What was written anew as it was keeps its time, which docs/guarantees.md says.
  const asBefore = new Set(danced.filter((line) => before.includes(line)).map(untimed));
  const isTold = (line: string) => !asBefore.has(untimed(line));
  expect("a live run is as a plain one", danced.filter(isTold), plainly.filter(isTold));
  expect("the dry run has foretold it", changed(live.result), changed(dry.result));
  if (!live.result.merged) return wrong;
  const undo = await host.disco("rollback");
  if (undo.code !== 0) wrong.push({ what: "undo", error: undo.stderr });
  expect("it is undone", look("/srv/w"), before);
  return wrong;
}

/** A line of a tree without the time, which is its last word. */
function untimed(line: string): string {
  return line.replace(/ \S*$/, "");
}

function changed({ changes }: { changes: readonly { kind: string; path: string }[] }): string[] {
  return changes.map(({ kind, path }) => `${kind} ${path}`);
}
