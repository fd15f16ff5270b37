/**
 * What the last fetch brought, as the later stages read it.
 *
 * @module
 */
import { join } from "@std/path";
import { DiscoError } from "../error/mod.ts";
import { isFolder, isThere } from "../files/look.ts";
import { writeOwn } from "../files/write_own.ts";
import type { WithRoots } from "./roots.ts";

/** Why a ball is in the dance. */
export type Reason =
  | { readonly kind: "node" }
  | { readonly kind: "group"; readonly group: string }
  /** A person asked for it, whether it is listed or not. */
  | { readonly kind: "asked" }
  | { readonly kind: "required"; readonly by: string; readonly relation: "after" | "before" };

/** A ball that the node or one of its groups names. */
export interface Listed {
  readonly ball: string;
  readonly by: Reason;
}

/** The file `universe/fetched.json` below DISCO's var. */
export interface Fetched {
  schema: 1;
  /** The node that was asked for. */
  node: string;
  /** The tree of parameters that was used: the node's, or `default` where it is not listed. */
  listedAs: string;
  /** The server as it was given, or `embedded`. */
  server: string;
  /** The node's groups and theirs, sorted: a later one overrides an earlier one. */
  groups: string[];
  /** The balls that the node and its groups name, and those that were asked for, sorted by ball. */
  listed: Listed[];
  /** Every ball of the dance: the listed ones and what they require, sorted. */
  balls: string[];
  /** What the administrator should know about the universe, in words. */
  notes?: string[];
}

/** Read what the last fetch brought; throws when there was none, or when it is not whole. */
export function loadFetched(context: WithRoots & { readonly node: string }): Fetched {
  const hint = "run disco fetch";
  if (isThere(join(context.roots.fetched, "fetching", "commit.json"))) {
    throw new DiscoError("Cannot use what was fetched: the last fetch was cut off", { hint });
  }
  const fetched = readFetched(context);
  if (!fetched) {
    throw new DiscoError("Cannot use what was fetched: nothing has been fetched yet", { hint });
  }
  if (fetched.node !== context.node) {
    throw new DiscoError(
      `Cannot use what was fetched: it is for node "${fetched.node}", not "${context.node}"`,
      { hint },
    );
  }
  return fetched;
}

/** Whether the server lists the node; one that it does not list has no parameters and groups. */
export function isListed({ roots }: WithRoots, { listedAs }: Fetched): boolean {
  return isFolder(join(roots.fetched, "universe", "parameters", listedAs));
}

/** The record of the last fetch, for whichever node; undefined without one that can be read. */
export function readFetched(context: WithRoots): Fetched | undefined {
  try {
    const fetched: unknown = JSON.parse(Deno.readTextFileSync(fetchedPath(context)));
    return isFetched(fetched) ? fetched : undefined;
  } catch (error) {
    // Without a record the next fetch looks at everything again.
    if (error instanceof Deno.errors.NotFound || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isFetched(value: unknown): value is Fetched {
  const { schema, node, listedAs, server, groups, listed, balls } = (value ?? {}) as Fetched;
  return schema === 1 && [node, listedAs, server].every((text) => typeof text === "string") &&
    [groups, listed, balls].every(Array.isArray);
}

/** Write the record durably, where it says something new; a reader sees the old one or the new one. */
export function saveFetched(context: WithRoots, fetched: Fetched): void {
  const path = fetchedPath(context);
  const text = `${JSON.stringify(fetched, null, 2)}\n`;
  if (textOf(path) === text) return;
  Deno.mkdirSync(join(context.roots.fetched, "universe"), { recursive: true, mode: 0o700 });
  writeOwn(path, text, { keeps: "name" });
}

function textOf(path: string): string | undefined {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    // Whatever is there is written anew.
    return undefined;
  }
}

function fetchedPath(context: WithRoots): string {
  return join(context.roots.fetched, "universe", "fetched.json");
}
