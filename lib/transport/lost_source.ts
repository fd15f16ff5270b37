/**
 * A universe that has suddenly lost most of what a node had of it: more likely a disk that is not
 * mounted, or a wrong branch, than a wish.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Fetched } from "../state/fetched.ts";

/** Fewer balls may go at once without a word. */
const FEW = 3;
/** Balls that a message names. */
const SHOWN = 5;

/** Throw where the universe has lost the node, one of its groups, or most of its balls. */
export function refuseLost(last: Fetched, now: Fetched): void {
  if (last.node !== now.node) return;
  const reasons = [...lostNode(last, now), ...lostGroups(last, now), ...lostBalls(last, now)];
  if (reasons.length === 0) return;
  throw new DiscoError(
    `Cannot use what the universe "${printable(now.server)}" has for node "${now.node}": it ` +
      reasons.join(", and "),
    {
      hint: "look at the server; what was fetched before stays as it is. If that is meant, pass " +
        "--allow-removals",
    },
  );
}

/** Another server may list the node under another name: that was a choice. */
function lostNode(last: Fetched, now: Fetched): string[] {
  const isLost = last.server === now.server && last.listedAs === last.node &&
    now.listedAs !== now.node;
  return isLost ? [`does not list the node any more (it would dance as "${now.listedAs}")`] : [];
}

/** A group that is still named with `member/` and is not there has failed the fetch before. */
function lostGroups(last: Fetched, now: Fetched): string[] {
  if (last.server !== now.server) return [];
  const named = (now.notes ?? []).join("\n");
  const lost = last.groups.filter((name) =>
    !now.groups.includes(name) && named.includes(`the server has no group "${name}"`)
  );
  return lost.map((name) => `has no folder of group "${name}" any more, which is still named`);
}

function lostBalls(last: Fetched, now: Fetched): string[] {
  const lost = last.balls.filter((name) => !now.balls.includes(name));
  if (lost.length < FEW || lost.length * 2 <= last.balls.length) return [];
  const more = lost.length - SHOWN;
  const names = lost.slice(0, SHOWN).join(", ") + (more > 0 ? `, and ${more} more` : "");
  return [`lost ${lost.length} of ${last.balls.length} balls: ${names}`];
}
