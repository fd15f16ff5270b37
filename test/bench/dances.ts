/**
 * Dances of universes of several sizes, beside the baseline.
 *
 * @module
 */
import { type ThrowawayHost, throwawayHost } from "../host/mod.ts";
import { BASELINE, type Contender, contenders, type Lineup } from "./contenders.ts";
import { type Figures, measure, median } from "./measure.ts";
import { changeUniverse, type Size, SIZES, TARGET, writeUniverse } from "./universe.ts";

/** What is measured, in this order; each begins where the one before it ended. */
const KINDS = ["first run", "second run", "dry run, 1% changed"] as const;

/** Medians of one contender doing one thing. */
export interface Row {
  readonly size: string;
  readonly kind: string;
  readonly contender: string;
  readonly seconds: number;
  /** Seconds of processor time, of all processes together. */
  readonly cpu: number;
  /** How many times as long as CFEngine, if it is there, or else as the baseline. */
  readonly ratio: number;
  /** MiB of the largest process. */
  readonly memory: number;
}

/** Measure one size. The contenders take turns, so that what disturbs them disturbs all. */
export async function measureDances(
  name: keyof typeof SIZES,
  lineup: Lineup,
  runs?: number,
): Promise<Row[]> {
  const size: Size = SIZES[name];
  await using host = await throwawayHost();
  writeUniverse(host, size);
  const all = await contenders(host, lineup);
  const found = new Map<string, Figures[]>();
  let version = 0;
  // What the baseline has made: the others must make the same, and a dry run nothing.
  let expected: string | undefined;
  for (let run = 0; run < (runs ?? size.runs); run++) {
    for (const contender of all) {
      await host.run(["rm", "-rf", TARGET, "/var/disco", "/.disco"]);
      changeUniverse(host, size, 0);
      for (const kind of KINDS) {
        const isDry = kind === KINDS[2];
        if (isDry) changeUniverse(host, size, ++version);
        const figures = await measure(host, contender.argv(isDry));
        const key = keyOf(kind, contender);
        found.set(key, [...found.get(key) ?? [], figures]);
        if (isDry && contender === BASELINE) continue;
        const made = await fingerprint(host);
        expected ??= made;
        if (made !== expected) throw new Error(`${contender.name}, ${kind}: another outcome`);
      }
    }
  }
  const reference = all.find(({ name }) => name === "CFEngine") ?? BASELINE;
  return KINDS.flatMap((kind) => {
    const figureOf = (contender: Contender, figure: keyof Figures) =>
      median(found.get(keyOf(kind, contender))!.map((figures) => figures[figure]));
    return all.map((contender) => ({
      size: name,
      kind,
      contender: contender.name,
      seconds: figureOf(contender, "seconds"),
      cpu: figureOf(contender, "cpu"),
      ratio: figureOf(contender, "seconds") / figureOf(reference, "seconds"),
      memory: figureOf(contender, "memory"),
    }));
  });
}

const FINGERPRINT = `cd "$1" && find . -type f -print0 | LC_ALL=C sort -z |
  xargs -0 sha256sum | sha256sum`;

/** Of all files that were written, by name and content. */
async function fingerprint(host: ThrowawayHost): Promise<string> {
  return (await host.run(["bash", "-ec", FINGERPRINT, "bash", TARGET])).trim();
}

function keyOf(kind: string, { name }: Contender): string {
  return `${kind}/${name}`;
}
