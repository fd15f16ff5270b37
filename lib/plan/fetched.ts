/**
 * The plan for what was fetched.
 *
 * @module
 */
import { type Ball, parseBallName, readBall } from "../ball/mod.ts";
import type { Context } from "../context/mod.ts";
import { isMissing, Tree } from "../door/mod.ts";
import { makePlan } from "./make.ts";
import type { Listed } from "../state/fetched.ts";
import type { Plan } from "./plan.ts";

/** What the plan needs to know of a fetch; `Fetched` of `lib/transport` is one. */
export interface Listing {
  readonly node: string;
  readonly listed: readonly Listed[];
  /** The names of the fetched balls. */
  readonly balls: readonly string[];
}

/** Read the fetched balls from the local store and plan the dance; throws as `makePlan` does. */
export function planFetched(context: Context, fetched: Listing): Plan {
  const balls = new Map<string, Ball>();
  const store = context.roots.localstore;
  using tree = openIfThere(store);
  for (const name of fetched.balls.map(parseBallName)) {
    // One that went away is reported by the plan, which knows who needs it.
    if (tree?.stat(`/${name}`)) balls.set(name, readBall(`${store}/${name}`, name));
  }
  return makePlan(fetched.node, fetched.listed, balls);
}

function openIfThere(dir: string): Tree | undefined {
  try {
    return new Tree(dir);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
