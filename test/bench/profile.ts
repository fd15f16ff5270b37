/**
 * Where a dance spends its time: by stage, and what it asks of the kernel.
 *
 * @module
 */
import type { Metric } from "../../lib/metrics/mod.ts";
import { type ThrowawayHost, throwawayHost } from "../host/mod.ts";
import { discoArgv } from "./contenders.ts";
import { measure } from "./measure.ts";
import { type Size, SIZES, writeUniverse } from "./universe.ts";

/** What the steps of one kind in one stage took together. */
export interface StageRow {
  readonly stage: string;
  readonly steps: number;
  readonly seconds: number;
  /** Of DISCO itself where a step is no program's. */
  readonly cpu: number;
}

/** How often something was asked of the kernel; undefined where strace is not installed. */
export interface CallRow {
  readonly what: string;
  readonly count: number | undefined;
}

/** What was found out about one size. */
export interface Profile {
  readonly stages: readonly StageRow[];
  readonly calls: readonly CallRow[];
}

const TRACE = "/tmp/trace";
const COUNTED = {
  "programs started": ["execve"],
  "mounts made": ["mount", "move_mount"],
};

/** A second run, which has nothing to do, measured by itself and counted in two further runs. */
export async function profile(name: keyof typeof SIZES): Promise<Profile> {
  const size: Size = SIZES[name];
  await using host = await throwawayHost();
  writeUniverse(host, size);
  const argv = discoArgv("dance", "--json");
  await host.run(argv);
  const { stdout } = await measure(host, argv);
  return { stages: stagesOf(JSON.parse(stdout).metrics), calls: await callsOf(host, argv) };
}

function stagesOf(metrics: readonly Metric[]): StageRow[] {
  const kinds = Map.groupBy(
    metrics,
    ({ stage, name }) => `${stage}: ${name.replace(/\/.*/, "/*")}`,
  );
  const sum = (list: readonly Metric[], of: (metric: Metric) => number) =>
    list.reduce((all, metric) => all + of(metric), 0);
  return [...kinds].map(([stage, list]) => ({
    stage,
    steps: list.length,
    seconds: sum(list, ({ time_real }) => time_real),
    cpu: sum(list, ({ time_user, time_sys }) => time_user + time_sys),
  }));
}

async function callsOf(host: ThrowawayHost, argv: readonly string[]): Promise<CallRow[]> {
  const hasStrace = (await host.exec(["which", "strace"])).code === 0;
  const lines = async (...options: string[]) => {
    if (!hasStrace) return undefined;
    await host.run(["strace", "-f", "-qq", "-e", "signal=none", ...options, "-o", TRACE, ...argv], {
      timeout: 900_000,
    });
    return host.read(TRACE).split("\n");
  };
  const names = Object.values(COUNTED).flat().join(",");
  // Without the filter of calls every call would wait for strace.
  const made = await lines("--seccomp-bpf", "-e", `trace=${names}`);
  const counted = Object.entries(COUNTED).map(([what, calls]) => {
    const isOne = (line: string) =>
      line.endsWith(" = 0") &&
      calls.some((call) => / (<\.\.\. )?(\w+)[ (]/.exec(line)?.[2] === call);
    return { what, count: made?.filter(isOne).length };
  });
  const total = (await lines("-c"))?.find((line) => line.endsWith(" total"));
  // Share, seconds, microseconds a call, calls.
  const count = total === undefined ? undefined : Number(total.trim().split(/\s+/)[3]);
  return [...counted, { what: "system calls", count }];
}
