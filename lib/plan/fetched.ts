/**
 * The plan for what was fetched.
 *
 * @module
 */
import { join } from "@std/path";
import { type Ball, parseBallName, readBall } from "../ball/mod.ts";
import type { Context } from "../context/mod.ts";
import { makePlan } from "./make.ts";
import type { Listed, Plan } from "./plan.ts";

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
  for (const name of fetched.balls.map(parseBallName)) {
    const dir = join(context.roots.localstore, name);
    // One that went away is reported by the plan, which knows who needs it.
    if (exists(dir)) balls.set(name, readBall(dir, name));
  }
  return makePlan(fetched.node, fetched.listed, balls);
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
