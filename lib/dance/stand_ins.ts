/**
 * What stands in for a command in the sandbox must not reach the live root.
 *
 * @module
 */
import type { Change, Difference } from "../changes/mod.ts";
import { Tree } from "../door/mod.ts";
import { isOwnTarget, STAND_IN_MARK } from "../effects/mod.ts";
import { DiscoError } from "../error.ts";
import { nameOf } from "../posix/mod.ts";
import { printable } from "../terminal/mod.ts";

/** How a stand-in shows in the diff of a file that has got it. */
const IN_DIFF = `\n+${STAND_IN_MARK.split("\n")[1]}`;
/** No stand-in is longer, in bytes. */
const LONGEST = 1 << 16;

/** Throw if a ball has copied a stand-in, or a link to one; `union` is where the union is mounted. */
export function refuseStandIns({ changes }: Difference, union: string): void {
  using tree = new Tree(union);
  const copy = changes.find((change) => isStandIn(change, tree));
  if (!copy) return;
  const balls = copy.balls.map((ball) => `"${ball}"`).join(", ");
  throw new DiscoError(
    `Cannot merge "${
      printable(copy.path)
    }" of ball ${balls}: it is a copy of what stands in for a ` +
      "command in the sandbox, not of the command",
    { hint: "copy, link or change managers of services (systemctl, service) in post/" },
  );
}

function isStandIn({ path, kind, after, diff, secret }: Change, tree: Tree): boolean {
  if (after === null || kind === "attributes") return false;
  if (after.type === "symlink") return isOwnTarget(tree.readlink(path));
  if (after.type !== "file") return false;
  if (diff !== null) return diff.includes(IN_DIFF);
  // Of a secret there is no diff.
  return secret && nameOf(tree.read(path, LONGEST) ?? new Uint8Array()).startsWith(STAND_IN_MARK);
}
