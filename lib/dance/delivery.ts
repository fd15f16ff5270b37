/**
 * How balls are delivered in a dance, and what looks wrong about it.
 *
 * @module
 */
import { type Ball, isLeftover } from "../ball/mod.ts";
import { REFUSED, type RenderOptions } from "../render/mod.ts";
import { printable, warning } from "../terminal/mod.ts";
import type { Dance, Progress } from "./dance.ts";
import { ownPlaces } from "./own_places.ts";

/** What is noted while a ball is delivered. */
export type Delivery = Required<RenderOptions>;

/** Lines of one kind that are shown of one ball. */
const MOST_SHOWN = 10;

const deliveries = new WeakMap<Ball, Delivery>();
/** Balls that were rendered by this process; what a stage before has matched is not known. */
const rendered = new WeakSet<Ball>();
/** Who delivered a path last. */
const owners = new WeakMap<Progress, Map<string, string>>();

/** The options for everything that delivers a ball of this dance: one object a ball. */
export function deliveryOf(dance: Dance, ball: Ball): Delivery {
  const known = deliveries.get(ball);
  if (known) return known;
  const delivery = {
    refused: [...REFUSED, ...ownPlaces(dance)],
    isLive: dance.context.root === "/",
    delivered: new Set<string>(),
    matched: new Set<number>(),
  };
  deliveries.set(ball, delivery);
  return delivery;
}

/** Keep what a ball delivered, and warn where another ball of the dance delivered the same. */
export function noteDelivered(dance: Dance, ball: Ball): void {
  const { delivered } = deliveryOf(dance, ball);
  const known = ownersIn(dance);
  const twice: string[] = [];
  for (const path of delivered) {
    const other = known.get(path) ?? ball.name;
    known.set(path, ball.name);
    if (other === ball.name) continue;
    const shown = printable(path);
    twice.push(`ball ${ball.name}: "${shown}" is delivered by ball ${other}, too; the later wins`);
  }
  dance.progress.delivered[ball.name] = [...delivered];
  rendered.add(ball);
  warnOf(ball, twice);
}

function ownersIn(dance: Dance): Map<string, string> {
  const known = owners.get(dance.progress) ?? new Map(
    Object.entries(dance.progress.delivered)
      .flatMap(([ball, paths]) => paths.map((path) => [path, ball] as const)),
  );
  owners.set(dance.progress, known);
  return known;
}

/** Once a ball is applied: warn of rules of `permissions` that match nothing. */
export function warnUnmatched(dance: Dance, ball: Ball): void {
  if (!rendered.has(ball)) return;
  const { matched } = deliveryOf(dance, ball);
  warnOf(
    ball,
    ball.permissions.filter(({ line }) => !matched.has(line)).map(({ line, glob }) =>
      `ball ${ball.name}: permissions, line ${line}: nothing that it delivers or that exists ` +
      `matches "${printable(glob)}"`
    ),
  );
}

/** Warn of files that are run as scripts, and hardly are some. */
export function warnLeftovers(ball: Ball): void {
  const { name, scripts, post } = ball;
  const paths = [
    ...scripts.map((path) => `scripts/${path}`),
    ...post.map((path) => `post/${path}`),
  ];
  warnOf(
    ball,
    paths.filter(isLeftover)
      .map((path) =>
        `ball ${name}: ${printable(path)} does not look like a script, but is run as one`
      ),
  );
}

function warnOf({ name }: Ball, lines: readonly string[]): void {
  lines.slice(0, MOST_SHOWN).forEach((line) => warning(line));
  const more = lines.length - MOST_SHOWN;
  if (more > 0) warning(`ball ${name}: ${more} more of these`);
}
