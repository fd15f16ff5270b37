/**
 * Scripts that read what stands in for a command, where they mean the command's own bytes: what they
 * make of it, such as a hash or an archive, would be wrong.
 *
 * @module
 */
import { canWatchOpens, isRootless, OpenWatch } from "../posix/mod.ts";
import type { Union } from "../union/mod.ts";
import type { Chroot } from "./chroot.ts";
import type { Refusal } from "./refusals.ts";
import { serviceFolder } from "./service.ts";

/** What looks at the stand-ins while a command runs. */
export interface StandInWatch extends Disposable {
  /** The stand-ins that were read so far. */
  readonly refusals: readonly Refusal[];
}

/** What cannot be noticed because of this kernel, in words; or nothing. */
export function missingStandInWatch(canWatch: () => boolean = canWatchOpens): string | undefined {
  return isRootless() || canWatch()
    ? undefined
    : "this kernel, or this container, has no fanotify: " +
      "a script that reads what stands in for systemctl or service is not noticed";
}

/** Watch the stand-ins of a union, which must lie there by now. */
export function watchStandIns(union: Union, { standIns }: Chroot): StandInWatch {
  const shims = serviceFolder(union, "shims");
  const commands = [...new Set(standIns.map(({ command }) => command))];
  // A user may watch nothing but what is the user's own, and learns of no process.
  if (commands.length === 0 || isRootless() || !canWatchOpens()) return NONE;
  const watch = new OpenWatch(commands.map((command) => `${shims}/${command}`));
  return {
    get refusals() {
      return watch.read().map((path) => ({
        kind: "stand-in" as const,
        what: `it read the content of ${
          path.slice(shims.length + 1)
        }, which is DISCO's stand-in here`,
      }));
    },
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  };
}

const NONE: StandInWatch = { refusals: [], [Symbol.dispose]: () => {} };
