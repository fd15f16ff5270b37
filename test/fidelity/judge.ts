/**
 * Does a job on a throw-away host, dry and then live, and judges the prediction.
 *
 * @module
 */
import type { Change } from "../../mod.ts";
import { printable } from "../../lib/terminal/mod.ts";
import { calls, differing } from "../dance/support.ts";
import { pathsOf } from "../dance/support.ts";
import { foundOf, named, saidOf, withoutInner } from "../dance/truth.ts";
import type { ThrowawayHost, Tree } from "../host/mod.ts";
import { compareResults, type Comparison } from "./compare.ts";
import { type Debs, giveDebs } from "./debs.ts";
import { isExcused } from "./excuses.ts";
import { type Job, rootOf } from "./job.ts";
import { comparePlain, plainSuccess, whyNotPlain } from "./plain.ts";
import { asBooted } from "./systemd.ts";
import { newScene, Scene } from "../host/mod.ts";
import type { Danced } from "../host/dances.ts";

/** Do a job: a dry run, a live run on the same state, and a live run once more. */
export async function judge(job: Job, debs: Debs): Promise<Comparison> {
  await using host = (await newScene(rootOf(job))).host;
  await prepare(host, job, debs);
  const start = host.tree();
  const dry = await new Scene(host).dryRun();
  const before = host.tree();
  const live = await new Scene(host).dance();
  const after = host.tree();
  if (job.fails !== undefined) {
    const wrong = [
      ...refusals("dry", dry, job.fails),
      ...refusals("live", live, job.fails),
      ...differing(start, after).map((path) => `${path}: changed by a dance that failed`),
      ...await plainSuccess(job, (other) => prepare(other, job, debs)),
    ];
    return { paths: new Set(pathsOf(dry.result)), excused: new Set(), wrong };
  }
  const isBusy = (path: string) => job.busy?.test(path) ?? false;
  const told = compareResults(dry.result, live.result);
  const really = compareReality(host, dry.result.changes, before, after, isBusy);
  const wrong = [
    ...failures("dry", dry),
    ...failures("live", live),
    ...differing(start, before).filter((path) => !isBusy(path))
      .map((path) => `${path}: changed by the dry run`),
    ...told.wrong.filter((line) => !isBusy(line.slice(0, line.indexOf(": ")))),
    ...really.wrong,
    ...startedOf(host, job),
    ...whyNotPlain(job) === undefined
      ? await comparePlain(job, (other) => prepare(other, job, debs), host, start)
      : [],
    ...(await again(host, job)),
  ];
  return {
    paths: told.paths.union(really.paths),
    excused: told.excused.union(really.excused),
    wrong,
  };
}

async function prepare(host: ThrowawayHost, job: Job, debs: Debs): Promise<void> {
  asBooted(host);
  if (job.packages) await giveDebs(host, debs, job.packages);
  // The host has no bus over which a running systemd could be asked.
  const env = { SYSTEMD_OFFLINE: "1" };
  if (job.before) await host.run(["bash", "-ec", job.before], { env });
  new Scene(host).balls({ a: job.ball });
}

function failures(which: string, { code, stderr }: Danced): string[] {
  return code === 0 ? [] : [`the ${which} run ended with ${code}: ${stderr}`];
}

function refusals(which: string, { code, stderr }: Danced, says: string): string[] {
  return code === 1 && stderr.includes(says)
    ? []
    : [`the ${which} run ended with ${code}: ${stderr}`];
}

/** What is no change of a path: its time, and that its inode has got or lost a name elsewhere. */
const UNTOLD = ["mtime", "nlink"];

/** The prediction beside what the live run left on the host. */
function compareReality(
  host: ThrowawayHost,
  predicted: readonly Change[],
  before: Tree,
  after: Tree,
  isBusy: (path: string) => boolean,
): Comparison {
  const differ = differing(before, after, UNTOLD).filter((path) => !isBusy(path));
  const really = new Set(withoutInner(differ, predicted));
  const said = new Set(named(predicted).filter((path) => !isBusy(path)));
  const excused = new Set<string>();
  const wrong = [...really.symmetricDifference(said)].map((path) =>
    `${path}: ${said.has(path) ? "predicted, but as before" : "changed, but not predicted"}`
  );
  for (const change of predicted.filter(({ path }) => !isBusy(path))) {
    const [saying, finding] = [saidOf(change), foundOf(host, change)].map((s) => JSON.stringify(s));
    if (saying === finding) continue;
    const content = { size: 0, sha256: "" };
    const [a, b] = [saidOf(change), foundOf(host, change)].map((s) => s && { ...s, ...content });
    if (isExcused(change.path) && JSON.stringify(a) === JSON.stringify(b)) excused.add(change.path);
    else wrong.push(`${printable(change.path)}: predicted ${saying}, is ${finding}`);
  }
  return { paths: really.union(said), excused, wrong };
}

function startedOf(host: ThrowawayHost, { starts }: Job): string[] {
  if (!starts || calls(host).some((call) => / (re)?start /.test(call) && call.includes(starts))) {
    return [];
  }
  return [`${starts}: not started, but ${JSON.stringify(calls(host))}`];
}

/** A job that has been done is done, unless it is known to be restless. */
async function again(host: ThrowawayHost, { restless }: Job): Promise<string[]> {
  const third = await new Scene(host).dance();
  const paths = pathsOf(third.result).filter((path) => !isExcused(path));
  const wrong = failures("third", third);
  if (!restless) return [...wrong, ...paths.map((path) => `${printable(path)}: changed once more`)];
  return paths.length > 0 ? wrong : [...wrong, `not so any more: ${restless}`];
}
