/**
 * DISCO's own folders in the tree that is configured, by every path that leads to them.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import type { Difference } from "../changes/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/mod.ts";
import { aliasesOf, isBelow } from "../union/mod.ts";
import type { Dance } from "./dance.ts";

const known = new WeakMap<Context, readonly string[]>();

/** The paths, absolute inside the tree; worked out when they are first asked for. */
export function ownPlaces(dance: Dance): readonly string[] {
  const places = known.get(dance.context) ?? placesIn(dance.context);
  known.set(dance.context, places);
  return places;
}

function placesIn({ root, roots }: Context): string[] {
  const prefix = root === "/" ? "" : root;
  const own = [roots.etc, roots.var, roots.run];
  return [...own, ...aliasesOf(own)].filter((path) => path.startsWith(`${prefix}/`))
    .map((path) => path.slice(prefix.length));
}

/** Throw if a ball has changed something of DISCO's own, by whichever path. */
export function refuseOwn(dance: Dance, { changes }: Difference): void {
  const places = ownPlaces(dance);
  const change = changes.find(({ path }) => places.some((place) => isBelow(place, path)));
  if (!change) return;
  const balls = change.balls.map((ball) => `"${printable(ball)}"`).join(", ");
  throw new DiscoError(
    `Cannot merge "${printable(change.path)}" of ball ${balls}: it belongs to DISCO itself`,
    {
      hint: "leave DISCO's own folders alone, also where another mount shows them; see disco param",
    },
  );
}
