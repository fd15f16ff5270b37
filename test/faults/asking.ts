/**
 * Runs experiments in a throw-away host.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { type ThrowawayHost, throwawayHost } from "../host/mod.ts";
import { build } from "./build.ts";
import type { Findings } from "./experiments.ts";
import type { FileSystem, Twice } from "./image.ts";

/** Random losses for each request that the disk got: xfs makes fewer requests. */
export const ROUNDS: Record<FileSystem, string> = { ext4: "3", xfs: "8", btrfs: "3" };

let sound: Promise<Uint8Array<ArrayBuffer>> | undefined;

/** A host with a scene on a file system; `js` is the program where it is not the sound one. */
export async function hostFor(
  fs: FileSystem,
  { js, ...how }: { js?: Uint8Array<ArrayBuffer>; apart?: boolean; twice?: Twice } = {},
): Promise<ThrowawayHost> {
  sound ??= build();
  const host = await throwawayHost();
  host.write("/run/inside.js", js ?? await sound);
  await host.run(
    argv("prepare", fs, ...(how.apart ? ["apart"] : []), ...(how.twice ? [how.twice] : [])),
  );
  return host;
}

/** Do an experiment. */
export async function ask<T = Findings>(host: ThrowawayHost, ...words: string[]): Promise<T> {
  return JSON.parse(await host.run(argv(...words), { timeout: 1_800_000 }));
}

function argv(...words: string[]): string[] {
  return [Deno.execPath(), "run", "-A", "--no-prompt", "/run/inside.js", ...words];
}

/** Print what was found; nothing of it may be bad. */
export function check(what: string, { points, verdicts, bad }: Findings, atLeast: number): void {
  const counts = Object.entries(verdicts).map(([name, n]) => `${n} ${name}`).join(", ");
  console.log(`${what}: ${points} points: ${counts}`);
  assertEquals(bad, []);
  assert(points >= atLeast, `only ${points} points were tried`);
}

/** Kills and power cuts, each of which must meet both the old tree and the new one. */
export async function checkKills(what: string, host: ThrowawayHost): Promise<void> {
  const found = await ask<Record<string, Findings>>(host, "kills");
  for (const [how, findings] of Object.entries(found)) {
    check(`${what}, ${how}`, findings, 140);
    assert(findings.verdicts.old! > 0 && findings.verdicts.new! > 0, "it met one state only");
  }
}
