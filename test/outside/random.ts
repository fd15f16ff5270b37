/**
 * Balls of small dangerous steps, by chance: the same seed gives the same balls.
 *
 * @module
 */
import type { Balls } from "./attack.ts";

const PLACES = [
  ...["/etc", "/srv", "/mnt", "/mnt/data", "/mnt/data/inner", "/home", "/home/alice", "/media"],
  ...["/run", "/proc", "/var", "/var/tmp", "/opt", "/opt/tree", "/usr/local", "/root", "/tmp"],
  ...["/dev", "/sys", "/run/disco", "/run/secret", "/srv/fuse", "/usr", "/bin", "/var/disco"],
];
const TARGETS = [
  ...PLACES,
  ...["/", "..", "../..", "../../../../../../root", "/proc/self/root", "/proc/1/root/root"],
  ...["/proc/self/cwd", "/proc/self/fd/0", "/run/secret/token", "/etc/shadow", "n", "/nowhere"],
];
const NAMES = [
  "n",
  "secret",
  "precious",
  "data",
  "below",
  ".disco",
  "passwd",
  "token",
  "x y",
  "-rf",
];
const MODES = ["0", "0777", "07777", "0600", "01777"];

/** A step in bash; `a` and `b` are places, `t` a target of links, `n` a name, `m` a mode. */
type Step = (a: string, b: string, t: string, n: string, m: string) => string;

const STEPS: readonly Step[] = [
  (a, b) => `mv -- ${a} ${b}`,
  (a, b, _t, n) => `mv -- ${a} '${b}/${n}'`,
  (a) => `rm -rf -- ${a}`,
  (a) => `rm -rf -- ${a}/*`,
  (a, _b, _t, n) => `mkdir -p -- '${a}/${n}/below'`,
  (a, _b, t, n) => `ln -s -- ${t} '${a}/${n}'`,
  (a, _b, t) => `rm -rf ${a}; ln -s -- ${t} ${a}`,
  (a, b, t) => `mv ${a} ${b}/away; ln -s -- ${t} ${a}`,
  (a, b) => `mv ${a} ${b}/away; mkdir ${a}`,
  (a, b) => `mv ${a} ${b}/away; : >${a}`,
  (a, b) => `mv ${a} ${b}/away; mkfifo ${a}`,
  (a, _b, _t, n) => `mkfifo -- '${a}/${n}'`,
  (a, _b, _t, n) => `mknod -- '${a}/${n}' c 1 3`,
  (a, _b, _t, n) => `mknod -- '${a}/${n}' c 0 0`,
  (a, _b, _t, n) => `echo x >'${a}/${n}'`,
  (a, _b, _t, n) => `truncate -s 1T -- '${a}/${n}'`,
  (a, _b, _t, n, m) => `chmod ${m} -- ${a} '${a}/${n}'`,
  (a) => `chown -R 1000:1000 -- ${a}/* `,
  (a, _b, _t, n) => `touch -d @1 -- ${a} '${a}/${n}'`,
  (a, b, _t, n) => `ln -- ${a}/* '${b}/${n}'`,
  (a, b) => `cp -a --one-file-system -- /opt/tree ${a} ${b}`,
  (a, b) => `mount --bind ${a} ${b}`,
  (a) => `mount -t tmpfs none ${a}`,
  (a) => `umount -l ${a}`,
  (a) => `chroot ${a} /bin/true`,
  (a, b, _t, n) =>
    `perl -e 'chroot shift; opendir D, "/"; chdir ".." for 1..50; chroot "."; open F, ">", shift' ${a} '${b}/${n}'`,
  (a, b, _t, n) => `exec 9<${a}; mv ${a} ${b}/moved; echo x >'/proc/self/fd/9/${n}'`,
  (a, b, t, n) => `cd ${a} && mv ${a} ${b}/cwd && ln -s -- ${t} '${n}'; echo x >'../${n}'`,
  (a, _b, _t, n) => `disco-effect touch '${a}/${n}'`,
  (a, _b, _t, n) => `setfattr -n user.x -v 1 -- '${a}/${n}' ${a}`,
  (a, _b, _t, n) => `setfattr -n trusted.overlay.redirect -v ${a} -- '${a}/${n}'`,
  (a) => `rm -rf ${a}; cp -a /opt/tree ${a}`,
  () => "kill -9 -1; kill -9 1",
  (a) => `(sleep 1; rm -rf ${a}) & disown`,
  (a, b) => `for i in 1 2 3 4 5; do mv ${a} ${b}/$i; mv ${b}/$i ${a}; done`,
];

/** Chance that can be repeated (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0, below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  }

  /** One of them. */
  of<T>(all: readonly T[]): T {
    return all[this.below(all.length)]!;
  }
}

/** One to three balls, each after the one before. */
export function randomBalls(seed: number): Balls {
  const chance = new Chance(seed);
  const names = ["a", "b", "c"].slice(0, 1 + chance.below(3));
  return Object.fromEntries(names.map((name, i) => [name, {
    ...i > 0 ? { requires: names[i - 1]! } : {},
    ...randomFiles(chance),
    "scripts/10": randomScript(chance),
  }]));
}

function randomScript(chance: Chance): string {
  const steps = Array.from({ length: 1 + chance.below(6) }, () => {
    const step = chance.of(STEPS);
    const [a, b] = [chance.of(PLACES), chance.of(PLACES)];
    return step(a, b, chance.of(TARGETS), chance.of(NAMES), chance.of(MODES));
  });
  return `set +e\n${
    steps.map((step) => `( ${step} ) </dev/null 2>/dev/null`).join("\n")
  }\nexit 0\n`;
}

function randomFiles(chance: Chance): Record<string, string> {
  const files: Record<string, string> = {};
  const path = () =>
    `${chance.of(PLACES.filter((p) => !/^\/(proc|dev|sys)/.test(p)))}/${chance.of(NAMES)}`;
  if (chance.below(3) === 0) files[`files${path()}`] = "delivered\n";
  if (chance.below(4) === 0) files[`templates${path()}.eta`] = "<%= it.node %>\n";
  if (chance.below(4) === 0) files.permissions = `0777 1000 1000 ${chance.of(PLACES)}/**\n`;
  if (chance.below(4) === 0) files.purge = `${chance.of(PLACES)}/**\n`;
  return files;
}
