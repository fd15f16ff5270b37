/**
 * Dances of universes of several sizes, beside the baseline.
 *
 * @module
 */
import { throwawayHost } from "../host/mod.ts";
import { BASELINE, type Contender, contenders } from "./contenders.ts";
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
  /** How many times as long as the baseline. */
  readonly ratio: number;
  /** MiB of the largest process. */
  readonly memory: number;
}

/** Measure one size. The contenders take turns, so that what disturbs them disturbs all. */
export async function measureDances(name: keyof typeof SIZES, runs?: number): Promise<Row[]> {
  const size: Size = SIZES[name];
  await using host = await throwawayHost();
  writeUniverse(host, size);
  const all = await contenders(host);
  const found = new Map<string, Figures[]>();
  let version = 0;
  for (let run = 0; run < (runs ?? size.runs); run++) {
    for (const contender of all) {
      await host.run(["rm", "-rf", TARGET, "/var/disco", "/.disco"]);
      for (const kind of KINDS) {
        const isDry = kind === KINDS[2];
        if (isDry) changeUniverse(host, size, ++version);
        const figures = await measure(host, contender.argv(isDry));
        const key = keyOf(kind, contender);
        found.set(key, [...found.get(key) ?? [], figures]);
      }
    }
  }
  return KINDS.flatMap((kind) => {
    const secondsOf = (contender: Contender) =>
      median(found.get(keyOf(kind, contender))!.map(({ seconds }) => seconds));
    return all.map((contender) => ({
      size: name,
      kind,
      contender: contender.name,
      seconds: secondsOf(contender),
      ratio: secondsOf(contender) / secondsOf(BASELINE),
      memory: median(found.get(keyOf(kind, contender))!.map(({ memory }) => memory)),
    }));
  });
}

function keyOf(kind: string, { name }: Contender): string {
  return `${kind}/${name}`;
}
