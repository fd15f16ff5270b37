/**
 * An overlay of a file system that belongs to other machines or programs, which may never answer. The
 * kernel waits for it inside of mount(2), where no signal but SIGKILL ends the wait: so a process of
 * its own mounts it, and can be given up.
 *
 * @module
 */
import type { Spot } from "../door/mod.ts";
import { runSync } from "../process/run_sync.ts";
import { MS } from "../posix/mod.ts";

/** How long it may take, in seconds; a machine can be very busy. */
const PATIENCE = 5;

const NAMES = [[MS.RDONLY, "ro"], [MS.NOSUID, "nosuid"], [MS.NODEV, "nodev"], [
  MS.NOEXEC,
  "noexec",
]] as const;

/**
 * Mount an overlay of what is held onto a spot; `empty` is an absolute path of an empty folder, and
 * `features` are options. `late`: the file system did not answer. `refused`: it cannot be overlaid.
 */
export function mountForeign(
  { live, at, empty, flags, features }: {
    readonly live: Spot;
    readonly at: Spot;
    readonly empty: string;
    readonly flags: number;
    readonly features: string;
  },
): "mounted" | "late" | "refused" {
  const held = (spot: Spot) => `/proc/${Deno.pid}/fd/${spot.fd}`;
  const names = NAMES.filter(([flag]) => (flags & flag) !== 0).map(([, name]) => name);
  const lowers = [empty, held(live)].map(escaped).join(":");
  const words = [
    ...["mount", "--no-canonicalize", "--no-mtab", "--internal-only", "-t", "overlay", "-o"],
    ...[[...names, `lowerdir=${lowers}`, features].join(","), "disco-union", "."],
  ];
  // The place is not a name that others can change, but what is held.
  const options = { seconds: PATIENCE, cwd: held(at), stdout: "null", stderr: "null" } as const;
  const { code, late } = runSync(words, options);
  if (code === 0) return "mounted";
  return late ? "late" : "refused";
}

/** Colons end a layer, commas an option, and the backslash escapes both. */
function escaped(path: string): string {
  return path.replaceAll(/[\\:,]/g, (c) => `\\${c}`);
}
