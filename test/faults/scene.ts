/**
 * What is merged again and again: an old tree with every type, and what a ball makes of it.
 *
 * @module
 */
import { computeChanges, type Difference } from "../../lib/changes/mod.ts";
import { type Context, Settings } from "../../lib/context/mod.ts";
import { rootsFor } from "../../lib/state/mod.ts";
import type { MergePlace } from "../../lib/merge/mod.ts";
import { lstat } from "../../lib/posix/mod.ts";
import { printable } from "../../lib/terminal/printable.ts";
import { createUnion } from "../../lib/union/mod.ts";
import { readEntry } from "../host/entry.ts";
import { bash } from "../union/child.ts";
import {
  copyImage,
  type FileSystem,
  makeImage,
  mountImage,
  mountTwice,
  placesOf,
  type Twice,
  unmount,
} from "./image.ts";

/** Everything of an experiment lies below; in memory, inside a throw-away host. */
export const HOME = "/run/faults";
/** The image with the old tree; never mounted again. */
export const BASE = `${HOME}/base.img`;
/** The image that is merged to. */
export const IMAGE = `${HOME}/live.img`;
/** Where it is mounted: the root of the merges. */
export const LIVE = `${HOME}/live`;
/** The tree that is merged. */
const WANTED = `${HOME}/wanted`;
const SCENE = `${HOME}/scene.json`;

/** The merge that is done over and over, and the two trees that may be there afterwards. */
export interface Scene {
  readonly fs: FileSystem;
  readonly difference: Difference;
  readonly union: string;
  readonly old: readonly string[];
  readonly fresh: readonly string[];
}

const OLD = `
mkdir -p etc/app/conf.d srv opt var/disco/generations
for i in 1 2 3; do echo "old $i" >etc/app/conf.d/$i; done
echo old >etc/app/file; chown 3:4 etc/app/file; chmod 640 etc/app/file
mkdir -p etc/app/tree/a/b; echo deep >etc/app/tree/a/b/c; mkfifo etc/app/tree/p; ln -s a etc/app/tree/l
mkdir etc/app/becomes-file; echo x >etc/app/becomes-file/x
echo f >etc/app/becomes-folder
echo real >etc/app/becomes-link
ln -s file etc/app/link-becomes-folder
head -c 200000 /dev/zero | tr '\\0' x >srv/large
echo one >srv/pair-a; ln srv/pair-a srv/pair-b
ln -s one srv/link; ln -s many srv/many-a; for n in b c; do ln srv/many-a srv/many-$n; done
mkdir -p srv/old-name/sub; echo 1 >srv/old-name/1; echo 2 >srv/old-name/sub/2
mkdir srv/opaque; echo gone >srv/opaque/gone
echo tool >opt/tool; mkdir -m 700 opt/folder; echo a >opt/attribute; setfattr -n user.k -v 1 opt/attribute
find . -depth -exec touch -h -d '2001-02-03 04:05:06.123456789' {} +
`;

const NEW = `
echo new >etc/app/conf.d/4; echo changed >etc/app/conf.d/1; rm etc/app/conf.d/2
echo changed >etc/app/file
rm -r etc/app/tree
rm -r etc/app/becomes-file; echo file >etc/app/becomes-file
rm etc/app/becomes-folder; mkdir -m 2750 etc/app/becomes-folder; echo in >etc/app/becomes-folder/in
rm etc/app/becomes-link; ln -s /nowhere etc/app/becomes-link
rm etc/app/link-becomes-folder; mkdir etc/app/link-becomes-folder
chmod 600 srv/large
echo two >t; mv t srv/pair-b
ln srv/link srv/link-2; ln srv/many-a srv/many-d; rm srv/many-b; touch -h -d '2002-01-01' srv/many-c
mv srv/old-name srv/new-name; echo 3 >srv/new-name/sub/3
rm -r srv/opaque; mkdir srv/opaque; echo fresh >srv/opaque/fresh
chown 5:6 opt/tool; chmod 4755 opt/tool; setcap cap_net_raw+ep opt/tool
chmod 750 opt/folder; setfattr -n user.k -v 2 opt/attribute
mkdir -p opt/new/tree; echo a >opt/new/a; ln opt/new/a opt/new/b; mkfifo opt/new/p; ln -s a opt/new/l
ln opt/new/l opt/new/l-2; ln opt/new/p opt/new/p-2
head -c 100000 /dev/zero | tr '\\0' y >opt/new/tree/data
`;

/**
 * Make the image, the union and the two pictures; `merge` is done once to see the new tree. DISCO's
 * state can be `apart`, on a file system of its own; something of what is changed can be mounted `twice`.
 */
export async function prepareScene(
  fs: FileSystem,
  { apart, twice }: { apart: boolean; twice: Twice | undefined },
  merge: (scene: Scene) => Promise<unknown>,
): Promise<void> {
  bash(`mkdir -p ${HOME} ${LIVE} ${WANTED}`, "/");
  makeImage(BASE, fs, apart);
  mountImage(BASE, LIVE, fs);
  bash(OLD, LIVE);
  if (twice) {
    mountTwice(LIVE, twice);
    unmount(LIVE);
    mountImage(BASE, LIVE, fs);
  }
  const old = picture();
  const difference = await unionOf();
  unmount(LIVE);

  const scene = { fs, difference, union: WANTED, old, fresh: [] };
  copyImage(BASE, IMAGE);
  mountImage(IMAGE, LIVE, fs);
  await merge(scene);
  const fresh = picture();
  unmount(LIVE);
  Deno.writeTextFileSync(SCENE, JSON.stringify({ ...scene, fresh }));
}

/** What {@linkcode prepareScene} made. */
export function readScene(): Scene {
  return JSON.parse(Deno.readTextFileSync(SCENE));
}

async function unionOf(): Promise<Difference> {
  const folder = `${HOME}/union`;
  Deno.mkdirSync(folder);
  const scratch = { kind: "memory", size: "16M", image: `${HOME}/none` } as const;
  const { union, leave } = await createUnion({
    ...{ root: LIVE, folder, hidden: [], scratch, persist: false },
  });
  try {
    union.begin("a");
    bash(NEW, union.mountpoint);
    const difference = await computeChanges(union, () => false);
    bash(`cp -a '${union.mountpoint}/.' ${WANTED}`, "/");
    return difference;
  } finally {
    union.close();
    leave();
  }
}

/** The context of a node whose root is the image. */
export function contextOfLive(): Context {
  const rest = { server: undefined, noop: false, json: false };
  return {
    root: LIVE,
    roots: rootsFor(LIVE),
    node: "n",
    restricted: false,
    settings: new Settings([]),
    ...rest,
  };
}

/** What can be merged to. */
export function places(): MergePlace[] {
  const paths = placesOf(LIVE);
  return paths.map((path) => ({ path, live: path === "/" ? LIVE : LIVE + path }));
}

/** Times before this are compared exactly; later ones are "now". */
const NOW = 1_600_000_000_000_000_000n;

/** DISCO's own folders and the file system's, at each place where they are mounted. */
const OWN = /^(\/[^/]+)?\/(var\/disco|\.disco|lost\+found)$/;

/** The live tree without DISCO's state, a line a path; which names are one inode is said. */
export function picture(apartFrom: readonly string[] = []): string[] {
  const lines: string[] = [];
  const first = new Map<string, string>();
  const visit = (path: string) => {
    if (OWN.test(path) || apartFrom.includes(path)) return;
    const { names, nlink: _, mtime, ...rest } = readEntry(LIVE + path)!;
    const { dev, ino } = lstat(LIVE + path)!;
    const same = first.get(`${dev} ${ino}`) ?? "";
    first.set(`${dev} ${ino}`, path);
    const time = mtime >= NOW ? "now" : mtime;
    lines.push(printable(`${path || "/"}: ${Object.values(rest).join(" ")} ${time} ${same}`));
    for (const name of names) visit(`${path}/${name}`);
  };
  visit("");
  return lines;
}
