/**
 * Merges what balls did to small trees, disturbs that, and prints what came of it.
 *
 * @module
 */
import { basename, dirname } from "@std/path";
import { computeChanges } from "../../lib/changes/mod.ts";
import { type Context, Settings } from "../../lib/context/mod.ts";
import { rootsFor } from "../../lib/state/mod.ts";
import { closeLog, openLogs } from "../../lib/due/mod.ts";
import { messageOf } from "../../lib/error/mod.ts";
import {
  begin,
  commit,
  giveUp,
  listGenerations,
  type MergePlace,
  readWhole,
} from "../../lib/merge/mod.ts";
import { abandon, prune, recover, rollback, type Transaction } from "../../lib/merge/mod.ts";
import { Tree } from "../../lib/door/mod.ts";
import { Copier } from "../../lib/merge/copy.ts";
import { type Area, areaOf } from "../../lib/merge/area.ts";
import { commitJournal, type Journal } from "../../lib/merge/journal.ts";
import { Live } from "../../lib/merge/live.ts";
import { prepare } from "../../lib/merge/prepare.ts";
import { carryOut, parentsOf } from "../../lib/merge/transaction.ts";
import { lstat, readdir, removeTree } from "../../lib/posix/mod.ts";
import { createUnion, livePlaces, type Union } from "../../lib/union/mod.ts";
import { readEntry } from "../host/entry.ts";
import { bash, readInput, unmountBelow } from "../union/child.ts";

/** What happens to the live tree, one after the other; scripts begin in its root. */
export type Act =
  | { sh: string }
  /** A dance of one ball; `meanwhile` is somebody else, before the merge. */
  | { merge: string; meanwhile?: string; cutOff?: "before commit" | "after commit" }
  /** Somebody else is between the journal and the operations. */
  | { merge: string; late: string }
  /** A copy of the union without what the Copier does: what a mutant would make. */
  | { mutant: string; spoil: string }
  | { call: "rollback" | "force" | "recover" | "prune" | "give up" | "age" }
  | { state: string };

/** A live tree and its fate. */
export interface Story {
  readonly live: string;
  readonly acts: readonly Act[];
}

/** Paths to all that can be said of them. */
export type Picture = Record<string, string>;

/** What came of one act. */
export interface Outcome {
  /** Name and message of what was thrown, and its hint. */
  readonly error: string | null;
  /** What the union showed, for a merge. */
  readonly union: Picture;
  readonly changes: readonly string[];
  readonly operations: readonly string[];
  readonly said: readonly string[];
  /** The live tree afterwards. */
  readonly live: Picture;
  /** What is left of staging: names in the generations, and `.disco` folders in the tree. */
  readonly left: readonly string[];
  readonly statuses: readonly string[];
}

/** The outcome of each act, and before them the tree as it was. */
export interface Told {
  readonly before: Picture;
  readonly outcomes: readonly Outcome[];
}

class Stage {
  readonly home = Deno.makeTempDirSync({ prefix: "disco-test-" });
  readonly root = `${this.home}/root`;
  readonly context: Context;
  #count = 0;

  constructor(live: string) {
    for (const folder of [this.root, `${this.home}/state`]) Deno.mkdirSync(folder);
    bash(live, this.root);
    const roots = rootsFor(`${this.home}/state`);
    Deno.mkdirSync(roots.generations, { recursive: true, mode: 0o700 });
    const settings = new Settings([]);
    const rest = { server: undefined, noop: false, json: false };
    this.context = { root: this.root, roots, node: "n", restricted: false, settings, ...rest };
  }

  get places(): MergePlace[] {
    return livePlaces(this.root, []).filter(({ kind }) => kind === "union");
  }

  nextId(): string {
    return `20260101T00000${++this.#count}Z-00000${this.#count}`;
  }

  end(): void {
    unmountBelow(this.root);
    bash(`chattr -R -i -a '${this.root}' 2>/dev/null || true`, "/");
    removeTree(this.home);
  }
}

type Heard = Partial<Outcome>;

async function act(stage: Stage, what: Act): Promise<Heard> {
  const silence = (_said: string) => ({});
  if ("sh" in what) return silence(bash(what.sh, stage.root));
  if ("state" in what) return silence(bash(what.state, `${stage.home}/state/var/disco`));
  if ("call" in what) return await call(stage, what.call);
  return await dance(stage, what);
}

async function call(stage: Stage, name: string): Promise<Heard> {
  const { context } = stage;
  if (name === "recover") return { said: await recover(context, stage.places) };
  if (name === "give up") {
    const [pending] = (await listGenerations(context)).filter((g) => g.status === "pending");
    return { said: await giveUp(context, pending?.head.id ?? "none") };
  }
  if (name === "age") {
    for (const generation of await listGenerations(context)) {
      const { folder, journal } = await readWhole(generation);
      await makeOld(stage, folder, journal);
    }
    return {};
  }
  if (name === "prune") {
    // A dance closes them once its effects are done.
    for (const id of openLogs(context.roots)) closeLog(context.roots, id);
    await prune(context, { count: 1, days: 1 });
    return {};
  }
  const generation = (await listGenerations(context)).findLast((g) => g.status === "done")!;
  const options = { id: stage.nextId(), force: name === "force" };
  const { operations } = await rollback(context, await readWhole(generation), options);
  return { operations: operations.map(({ kind, path }) => `${kind} ${path}`) };
}

/** Turn a generation into one of the first version: slots by absolute path, one folder more. */
async function makeOld({ root }: Stage, folder: string, journal: Journal): Promise<void> {
  const folderOf = ({ home, name }: Area) => {
    if (home === null) return `${folder}/slots`;
    const path = `${root}${home === "/" ? "" : home}/${name}`;
    bash(`mv ${path} ${path}.t; mkdir -m 700 ${path}; mv ${path}.t ${path}/slots`, "/");
    return `${path}/slots`;
  };
  const areas = journal.areas.map((area) => ({ place: area.place, folder: folderOf(area) }));
  const operations = journal.operations.map((operation) => {
    if (operation.kind === "attributes") return operation;
    const { place } = areaOf(operation.path, journal.areas)!;
    const area = areas.find((one) => one.place === place)!;
    return { ...operation, slot: `${area.folder}/${operation.slot}` };
  });
  bash(
    "rm head.json journal.json; rm -f staging-* staged-*; mv done done.t || mv pending pending.t",
    folder,
  );
  await commitJournal(folder, { ...journal, schema: 1, areas, operations } as unknown as Journal);
  bash("rm head.json; [ ! -e done.t ] || { rm pending; mv done.t done; }; rm -f pending.t", folder);
}

async function dance(
  stage: Stage,
  what: Exclude<Act, { sh: string } | { call: string } | { state: string }>,
): Promise<Heard> {
  const heard: { -readonly [key in keyof Heard]: Heard[key] } = {};
  // Times of files are those of the kernel's clock tick: let one pass, as it does in a dance.
  bash("sleep 0.02", "/");
  const transaction = await begin(stage.context, stage.nextId(), { places: stage.places });
  const folder = `${stage.home}/run`;
  Deno.mkdirSync(folder);
  const scratch = { kind: "memory", size: "64M", image: `${stage.home}/image` } as const;
  const { union, leave } = await createUnion({
    root: stage.root,
    folder,
    hidden: [],
    scratch,
    persist: false,
  });
  try {
    union.begin("a");
    bash("mutant" in what ? what.mutant : what.merge, union.mountpoint);
    heard.union = takePicture(union.mountpoint);
    if ("mutant" in what) heard.live = spoil(union, `${stage.home}/copy`, what.spoil);
    else await merge(stage, union, transaction, what, heard);
  } catch (error) {
    heard.error = describeError(error);
  } finally {
    union.close();
    leave();
    removeTree(folder);
    if (!("cutOff" in what)) abandon(transaction);
  }
  return heard;
}

async function merge(
  stage: Stage,
  union: Union,
  transaction: Transaction,
  what: { merge: string; meanwhile?: string; late?: string; cutOff?: string },
  heard: { -readonly [key in keyof Heard]: Heard[key] },
): Promise<void> {
  const difference = await computeChanges(union, () => false);
  heard.changes = difference.changes.map(({ kind, path }) => `${kind} ${path}`);
  if (what.meanwhile) bash(what.meanwhile, stage.root);
  const mountpoints = union.places.map(({ path }) => path).filter((path) => path !== "/");
  const sources = { union: union.mountpoint, difference, mountpoints };
  if (!what.cutOff && !what.late) {
    const { operations } = await commit(transaction, {
      ...sources,
      context: stage.context,
      balls: ["a"],
    });
    heard.operations = operations.map(({ kind, path }) => `${kind} ${path}`);
    return;
  }
  // A merge that dies on its way: what commit() does, up to there.
  const { id, mark } = transaction;
  using live = new Live(stage.root, stage.context.roots.generations);
  using tree = new Tree(union.mountpoint);
  const operations = await prepare({
    ...transaction,
    ...sources,
    union: tree,
    live,
    mark: BigInt(mark),
  });
  heard.operations = operations.map(({ kind, path }) => `${kind} ${path}`);
  if (what.cutOff === "before commit") return;
  const journal = {
    ...{
      schema: 2,
      id,
      node: "n",
      root: stage.root,
      date: "",
      balls: ["a"],
      undoes: null,
    } as const,
    ...{ areas: live.staging.areas, operations, parents: parentsOf(operations, live) },
  };
  await commitJournal(transaction.folder, journal);
  if (what.late === undefined) return;
  bash(what.late, stage.root);
  carryOut(transaction.folder, journal, live);
}

/** A copy of the union, as a merge would make it, that loses something. */
function spoil(union: Union, copy: string, script: string): Picture {
  using from = new Tree(union.mountpoint);
  using to = new Tree(dirname(copy));
  new Copier().copy(from, "/", to, basename(copy));
  bash(script, copy);
  return takePicture(copy);
}

function describeError(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  return `${name}: ${messageOf(error)}`;
}

/** Everything that can be seen of a tree, and which names are one inode. */
function takePicture(root: string): Picture {
  const picture: Picture = {};
  const first = new Map<string, string>();
  const visit = (path: string) => {
    const entry = readEntry(root + path)!;
    const { names, nlink: _, ...rest } = entry;
    const { ino, dev } = lstat(root + path)!;
    const id = `${dev}/${ino}`;
    const same = first.get(id) ?? path;
    first.set(id, same);
    picture[path] = Object.values({ ...rest, same }).map(String).join(" ");
    for (const name of names) if (name !== ".disco") visit(`${path}/${name}`);
  };
  visit("");
  return picture;
}

function leftIn(stage: Stage): string[] {
  const { generations } = stage.context.roots;
  const staging = stage.places.map(({ live }) => `${live}/.disco`).filter((path) => lstat(path));
  return [
    ...readdir(generations).map(({ name }) => name).sort(),
    ...staging.map((path) => path.slice(stage.root.length)),
  ];
}

async function statuses(stage: Stage): Promise<string[]> {
  try {
    const all = await listGenerations(stage.context);
    return all.map(({ status, undoneBy }) => undoneBy ? `${status}, undone` : status);
  } catch (error) {
    return [describeError(error)];
  }
}

async function tell({ live, acts }: Story): Promise<Told> {
  const stage = new Stage(live);
  try {
    const before = takePicture(stage.root);
    const outcomes: Outcome[] = [];
    for (const what of acts) {
      const silence = { error: null, union: {}, changes: [], operations: [], said: [] };
      const heard = await act(stage, what).catch((error) => ({ error: describeError(error) }));
      outcomes.push({
        ...silence,
        live: takePicture(stage.root),
        left: leftIn(stage),
        statuses: await statuses(stage),
        ...heard,
      });
    }
    return { before, outcomes };
  } finally {
    stage.end();
  }
}

if (import.meta.main) {
  const told: Told[] = [];
  for (const story of await readInput<Story[]>()) told.push(await tell(story));
  console.log(JSON.stringify(told));
}
