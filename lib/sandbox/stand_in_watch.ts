/**
 * Scripts that read what stands in for a command, where they mean the command's own bytes: what they
 * make of it, such as a hash or an archive, would be wrong.
 *
 * @module
 */
import { canWatchOpens, machineView, OpenWatch } from "../posix/mod.ts";
import type { Union } from "../union/mod.ts";
import type { Chroot } from "./chroot.ts";
import type { Refusal } from "./refusals.ts";
import { serviceFolder } from "./service.ts";

/** What cannot be noticed because of this kernel, in words; or nothing. */
export function missingStandInWatch(canWatch: () => boolean = canWatchOpens): string | undefined {
  return !machineView().watchesOpens || canWatch()
    ? undefined
    : "this kernel, or this container, has no fanotify: " +
      "a script that reads what stands in for systemctl or service is not noticed";
}

/** One for each union: to end a watch takes longer than to start a script. */
const watches = new WeakMap<Union, OpenWatch>();

/**
 * Watch the stand-ins of a union, which must lie there by now, from now on; the result tells which
 * were read.
 */
export function watchStandIns(union: Union, { standIns }: Chroot): () => Refusal[] {
  const shims = serviceFolder(union, "shims");
  const commands = [...new Set(standIns.map(({ command }) => command))];
  // A user may watch nothing but what is the user's own, and learns of no process.
  if (commands.length === 0 || !machineView().watchesOpens) return () => [];
  const watch = renewed(union, commands.map((command) => `${shims}/${command}`));
  if (!watch) return () => [];
  return () =>
    watch.read().map((path) => ({
      kind: "stand-in" as const,
      what: `it read the content of ${
        path.slice(shims.length + 1)
      }, which is DISCO's stand-in here`,
    }));
}

function renewed(union: Union, paths: readonly string[]): OpenWatch | undefined {
  const known = watches.get(union);
  if (known?.renew(paths)) return known;
  unwatchStandIns(union);
  if (!canWatchOpens()) return undefined;
  const watch = new OpenWatch(paths);
  watches.set(union, watch);
  return watch;
}

/** End the watch of a union in which nothing is started any more. */
export function unwatchStandIns(union: Union): void {
  watches.get(union)?.[Symbol.dispose]();
  watches.delete(union);
}
