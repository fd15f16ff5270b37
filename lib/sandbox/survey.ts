/**
 * What of the union matters to the next sandbox: the directories that it mounts something on, and the
 * commands that the policy knows. It is looked up again only when a script may have changed it.
 *
 * @module
 */
import { Tree } from "../door/mod.ts";
import { type Rule, shimmedCommands, WAITED_COMMANDS } from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";
import type { Union } from "../union/mod.ts";
import { type Commands, commandsIn } from "./arrived.ts";
import type { SandboxOptions } from "./bubblewrap.ts";
import { type Chroot, MOUNT_POINTS } from "./chroot.ts";
import { resolverOf } from "./resolver.ts";

/** What was found in a union. */
export interface Survey {
  /** Commands of the policy that have no stand-in at their own path, and where they are. */
  readonly arrived: Commands;
  /** Those of {@linkcode REPLACED} that are there. */
  readonly replaced: readonly string[];
  /** Folders that scripts must not see. */
  readonly hidden: readonly string[];
  /** Where the sandbox cannot be mounted. */
  readonly unfit: string | undefined;
}

/** Commands that are met by name: they live by a set-ID bit, or the policy alone cannot tell. */
const REPLACED = ["sudo", "crontab", "chattr"];

/** The last survey of each union, and what it holds for. */
interface Known {
  readonly survey: Survey;
  readonly untouched: number | undefined;
  /** The same for all balls without rules of their own. */
  readonly rules: readonly Rule[];
  readonly chroot: Chroot;
}
const surveys = new WeakMap<Union, Known>();

/** Survey the union as it is now; the same object as before where nothing was written since. */
export function survey({ union, rules, chroot }: SandboxOptions): Survey {
  const { untouched } = union;
  const known = surveys.get(union);
  const isSame = known !== undefined && untouched !== undefined &&
    known.untouched === untouched && known.rules === rules && known.chroot === chroot;
  if (isSame) return known.survey;
  using tree = new Tree(union.mountpoint);
  const hidden = hiddenPlaces(tree, chroot);
  const asked = new Set([...shimmedCommands(rules), ...WAITED_COMMANDS]);
  const commands = commandsIn(union, tree, [...asked, ...REPLACED]);
  const found = {
    arrived: new Map([...commands].filter(([command]) => asked.has(command))),
    replaced: REPLACED.filter((command) => commands.has(command)),
    hidden,
    unfit: [...MOUNT_POINTS, ...hidden].find((path) => !isPlain(tree, path, true)),
  };
  surveys.set(union, { survey: found, untouched, rules, chroot });
  return found;
}

/**
 * Throw if the sandbox cannot be mounted where it must be, because a script has moved a directory
 * there or put a link in its place. What DISCO mounts follows no link; bubblewrap, which mounts /proc
 * and /dev, would, and out of the union at that: while it builds the sandbox, the host's root is at
 * `/oldroot`.
 */
export function requireMountPoints({ union, context }: SandboxOptions, { unfit }: Survey): void {
  const culprit = unfit ?? unfitResolver(union, context.root);
  if (culprit === undefined) return;
  throw new DiscoError(
    `Cannot build the sandbox: "${
      printable(culprit)
    }" has been moved, removed or replaced by a link`,
    { hint: "a ball must leave the directories alone in which the sandbox has mounts of its own" },
  );
}

/** /run is not part of the union, and scripts can write to it. */
function unfitResolver(union: Union, root: string): string | undefined {
  using live = new Tree(root);
  const resolver = resolverOf(live);
  if (resolver === undefined) return undefined;
  using volatile = new Tree(union.folder("volatile"));
  return isPlain(volatile, resolver, false) ? undefined : resolver;
}

function hiddenPlaces(tree: Tree, { hidden }: Chroot): string[] {
  const isVolatile = (path: string) => ["/tmp/", "/run/"].some((place) => path.startsWith(place));
  const others = hidden
    .filter((path) => path !== "/etc/disco" && path !== "/var/disco" && !isVolatile(path))
    .filter((path) => tree.stat(path)?.type === "directory");
  return ["/etc/disco", "/var/disco", ...others];
}

/** Whether every part of a path is a directory, or the last one a file; or nothing, if that is fine. */
function isPlain(tree: Tree, path: string, isNeeded: boolean): boolean {
  const parts = path.split("/").slice(1);
  return parts.every((_, i) => {
    const stat = tree.stat(`/${parts.slice(0, i + 1).join("/")}`);
    if (!stat) return !isNeeded;
    return stat.type === "directory" || (stat.type === "file" && i === parts.length - 1);
  });
}
