/**
 * What a merge would meet, found out without writing anything: a dry run asks this.
 *
 * @module
 */
import { ChangedError, Tree } from "../door/mod.ts";
import { ConflictError, requireClock } from "./conflict.ts";
import { Live } from "./live.ts";
import type { Observation } from "./observe.ts";
import { examine } from "./prepare.ts";
import type { CommitOptions } from "./transaction.ts";

/** Throw what {@linkcode commit} would, as far as that can be known before it begins to write. */
export async function rehearse(
  observation: Observation,
  options: Pick<CommitOptions, "context" | "difference" | "mountpoints" | "union">,
): Promise<void> {
  const { root, roots } = options.context;
  try {
    requireClock(observation.bootTime);
    using live = new Live(root, roots.generations);
    using union = new Tree(options.union);
    const mark = BigInt(observation.mark);
    await examine({ ...observation, ...options, mark, live, union });
  } catch (error) {
    throw error instanceof ChangedError ? new ConflictError(error.path) : error;
  }
}
