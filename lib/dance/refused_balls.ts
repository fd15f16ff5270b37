/**
 * Balls whose merge was not confirmed in time: they stay out of later dances until they are other ones,
 * or a person says `disco confirm`. Without this the next dance would merge the same again.
 *
 * @module
 */
import type { Roots } from "../state/mod.ts";
import { writeOwn } from "../files/write_own.ts";
import { warning } from "../terminal/mod.ts";
import { contentHash } from "./content_hash.ts";
import type { Planned } from "./values.ts";

/** By the name of the ball. */
export type RefusedBalls = Readonly<Record<string, RefusedBall>>;

/** What a ball was like, and when it was merged last. */
export interface RefusedBall {
  readonly hash: string;
  readonly generation: string;
}

function pathOf({ var: folder }: Pick<Roots, "var">): string {
  return `${folder}/unconfirmed.json`;
}

/** The balls that stay out; none where the record cannot be read, which is said. */
export function refusedBalls(roots: Pick<Roots, "var">): RefusedBalls {
  try {
    const { schema, balls } = JSON.parse(Deno.readTextFileSync(pathOf(roots))) ?? {};
    if (schema === 1 && isRecord(balls)) return balls;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    if (!(error instanceof SyntaxError)) throw error;
  }
  warning(
    `"${
      pathOf(roots)
    }" is damaged: which balls stay out because nobody confirmed them is not known`,
  );
  return {};
}

/** Keep balls of a generation that nobody confirmed out of later dances. */
export function refuseBalls(
  roots: Pick<Roots, "var">,
  generation: string,
  hashes: Readonly<Record<string, string>>,
): void {
  const entries = Object.entries(hashes).map(([name, hash]) => [name, { hash, generation }]);
  if (entries.length > 0) save(roots, { ...refusedBalls(roots), ...Object.fromEntries(entries) });
}

/** Let all balls dance again; returns which stayed out. */
export function allowBalls(roots: Pick<Roots, "var">): string[] {
  const names = Object.keys(refusedBalls(roots));
  if (names.length > 0) save(roots, {});
  return names;
}

/** The balls of this dance that stay out, and why; those that have become others are let in. */
export async function stayingOut(dance: Planned): Promise<Map<string, string>> {
  const { roots } = dance.context;
  const all = refusedBalls(roots);
  const out = new Map<string, string>();
  for (const name of dance.order) {
    const refused = Object.hasOwn(all, name) ? all[name] : undefined;
    if (!refused || await contentHash(dance.ball(name).dir) !== refused.hash) continue;
    out.set(
      name,
      `Ball "${name}" stays out: nobody confirmed its merge (generation ${refused.generation}) in ` +
        "time; change the ball, or run disco confirm",
    );
  }
  return out;
}

function save(roots: Pick<Roots, "var">, balls: RefusedBalls): void {
  writeOwn(pathOf(roots), JSON.stringify({ schema: 1, balls }), { keeps: "name" });
}

function isRecord(value: unknown): value is RefusedBalls {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    Object.values(value).every((one) => typeof one?.hash === "string");
}
