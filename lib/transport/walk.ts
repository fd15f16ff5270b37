/**
 * The walk through a universe: from the node to its groups, to its balls, to what they require.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import type { Reason } from "../state/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Kind } from "./address.ts";
import { limitChain, limitItems, type Limits } from "./budget.ts";
import { DEFAULT_NODE } from "./embedded.ts";
import type { Fetched } from "../state/fetched.ts";
import { namesListed, oldMemberships, requirementsOf } from "./listing.ts";
import type { Mirror } from "./mirror.ts";

/** Measures a step of the walk. */
export type Measure = (name: string, action: () => Promise<number>) => Promise<void>;

/** What the walk finds. */
export type Found = Pick<Fetched, "groups" | "listed" | "listedAs" | "balls" | "notes">;

/** Why a ball is needed that a person named on the command line. */
const ASKED = "it was asked for";

/**
 * Obtain everything that the node needs, and the balls that are `asked` for besides, wave by wave,
 * until nothing is new. A node that the server does not list needs what `default` does; where that is
 * not listed either, nothing else than what is asked for, and without that it is an error.
 */
export async function walk(
  mirror: Mirror,
  name: string,
  asked: readonly string[],
  measure: Measure,
): Promise<Found> {
  let listedAs = name;
  await measure("parameters", async () => {
    const { bytes, as } = await obtainNode(mirror, name, asked.length > 0);
    listedAs = as;
    return bytes;
  });
  const notes = listedAs === name
    ? []
    : [`the universe does not list "${name}": it dances as "${listedAs}"`];
  const groups = await walkGroups(mirror, listedAs, measure, notes);
  const node: Reason = { kind: "node" };
  const listed = [
    ...listedBy(mirror, "parameters", listedAs, node),
    ...groups.flatMap((group) => listedBy(mirror, "groups", group, { kind: "group", group })),
    ...asked.map((ball) => ({ ball, by: { kind: "asked" } as const })),
  ].sort((a, b) => a.ball < b.ball ? -1 : a.ball > b.ball ? 1 : 0);
  const balls = await walkBalls(mirror, listedAs, listed, measure);
  return { groups, listed, listedAs, balls, ...(notes.length > 0 ? { notes } : {}) };
}

/** The tree of a node, or of the default one; of neither where that is optional. */
async function obtainNode(
  mirror: Mirror,
  node: string,
  isOptional: boolean,
): Promise<{ bytes: number; as: string }> {
  const unlisted = unlistedError(mirror, node);
  for (const as of new Set([node, DEFAULT_NODE])) {
    try {
      return { bytes: await mirror.obtain("parameters", [as], () => unlisted), as };
    } catch (error) {
      if (error !== unlisted) throw error;
    }
  }
  if (!isOptional) throw unlisted;
  return { bytes: 0, as: node };
}

async function walkGroups(
  mirror: Mirror,
  listedAs: string,
  measure: Measure,
  notes: string[],
): Promise<string[]> {
  const why = new Map<string, string>();
  const chains = new Chains("groups", mirror.remote.rsync.budget.limits);
  const note = async (kind: "parameters" | "groups", name: string) => {
    const by = kind === "groups" ? `group "${name}" names it` : `node "${name}" names it`;
    const tree = mirror.find(kind, name);
    const groups = [
      ...namesListed(tree, "member", `${kind}/${name}`),
      ...await oldGroups(mirror, `${kind}/${name}`, oldMemberships(tree), notes),
    ];
    return groups.filter((group) => isNew(why, group, by)).filter((group) =>
      chains.add(group, kind === "groups" ? name : undefined)
    );
  };
  let wave = await note("parameters", listedAs);
  while (wave.length) {
    const names = wave;
    await measure(
      "groups",
      () => mirror.obtain("groups", names, (name) => missing(mirror, "groups", name, why)),
    );
    wave = [];
    for (const group of names) wave.push(...await note("groups", group));
  }
  return [...why.keys()].sort();
}

/** The empty files in `groups/` that name groups of the server; a note says where each belongs. */
async function oldGroups(
  mirror: Mirror,
  where: string,
  names: readonly string[],
  notes: string[],
): Promise<string[]> {
  limitItems("groups", names.length, mirror.remote.rsync.budget.limits.balls, names.at(-1) ?? "");
  const groups = await mirror.obtainGroups(names);
  for (const name of names) {
    const what = groups.includes(name)
      ? `is read as membership: move it to ${where}/member/${name}`
      : `is a parameter, because the server has no group "${name}": membership is ` +
        `${where}/member/${name}`;
    notes.push(`${where}/groups/${name} ${what}`);
  }
  return groups;
}

async function walkBalls(
  mirror: Mirror,
  listedAs: string,
  listed: Fetched["listed"],
  measure: Measure,
): Promise<string[]> {
  const why = new Map<string, string>();
  const lists = (by: Reason) => {
    if (by.kind === "asked") return ASKED;
    return by.kind === "group" ? `group "${by.group}" lists it` : `node "${listedAs}" lists it`;
  };
  const chains = new Chains("balls", mirror.remote.rsync.budget.limits);
  for (const { ball, by } of listed) {
    if (isNew(why, ball, lists(by))) chains.add(ball, undefined);
  }
  let wave = [...why.keys()];
  for (let number = 1; wave.length; number++) {
    const names = wave;
    await measure(
      `balls wave ${number}`,
      () => mirror.obtain("balls", names, (name) => missing(mirror, "balls", name, why)),
    );
    wave = names.flatMap((ball) =>
      requirementsOf(mirror.find("balls", ball), ball)
        .filter(({ ball: other, line }) =>
          isNew(why, other, `ball "${ball}" requires it (balls/${ball}/requires, line ${line})`)
        ).filter(({ ball: other }) => chains.add(other, ball))
        .map(({ ball: other }) => other)
    );
  }
  return [...why.keys()].sort();
}

function listedBy(
  mirror: Mirror,
  kind: "parameters" | "groups",
  name: string,
  by: Reason,
): Fetched["listed"] {
  const balls = namesListed(mirror.find(kind, name), "modules", `${kind}/${name}`);
  return balls.map((ball) => ({ ball, by }));
}

/** Who named an item first, so that a server cannot go on naming new ones for ever. */
class Chains {
  readonly #by = new Map<string, string | undefined>();

  constructor(readonly kind: "groups" | "balls", readonly limits: Limits) {}

  /** Note an item that is new; throws when there are too many, or their chain is too long. */
  add(name: string, by: string | undefined): true {
    this.#by.set(name, by);
    const chain = [name];
    for (let one = by; one !== undefined; one = this.#by.get(one)) chain.unshift(one);
    limitChain(this.kind, chain, this.limits.waves);
    limitItems(this.kind, this.#by.size, this.limits.balls, name);
    return true;
  }
}

/** Note why an item is needed, unless that is known. */
function isNew(why: Map<string, string>, name: string, reason: string): boolean {
  if (why.has(name)) return false;
  why.set(name, reason);
  return true;
}

function unlistedError({ remote }: Mirror, node: string): DiscoError {
  return new DiscoError(
    `Cannot fetch the parameters of node "${node}" from "${printable(remote.name)}": ` +
      "the server does not list the node",
    {
      hint: `create parameters/${node}/ in the universe, ` +
        "or check the node's name and the server's address",
    },
  );
}

function missing(
  { remote }: Mirror,
  kind: Kind,
  name: string,
  why: ReadonlyMap<string, string>,
): DiscoError {
  const what = kind === "groups" ? "group" : "ball";
  return new DiscoError(
    `Cannot fetch ${what} "${name}" from "${printable(remote.name)}": ` +
      `the server does not have it, but ${why.get(name)}`,
    {
      hint: `create ${kind}/${name}/ in the universe, or correct what names it`,
      code: why.get(name) === ASKED ? 3 : 1,
    },
  );
}
