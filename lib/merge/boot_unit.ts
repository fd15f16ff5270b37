/**
 * The units that finish at boot what was cut off.
 *
 * @module
 */
import { follow, Tree } from "../door/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import { bytesOf } from "../posix/mod.ts";

/** The unit that finishes merges early at boot. */
export const BOOT_UNIT = "disco-recover.service";

/** A unit: where it stands in the boot, and what it runs. */
export interface BootUnit {
  readonly name: string;
  readonly wantedBy: string;
  readonly text: string;
}

/** From what the units are made. */
export interface BootUnitOptions {
  /** Runs `disco recover`. */
  readonly argv: readonly string[];
  /** DISCO's own folder: `/var/disco`. */
  readonly state: string;
}

/** What a unit says of its place in the boot. */
interface Row {
  readonly name: string;
  readonly description: string;
  readonly wantedBy: string;
  readonly order: readonly string[];
  readonly words: readonly string[];
}

const ROWS: readonly Row[] = [
  {
    // As soon as the root file system is writable: a wrong fstab keeps local-fs.target from being
    // reached, and that is what the deadline of a confirmation is for.
    name: BOOT_UNIT,
    description: "Finish DISCO merges that were cut off, and undo unconfirmed ones",
    wantedBy: "local-fs.target",
    order: [
      "After=systemd-remount-fs.service",
      "Before=local-fs.target sysinit.target shutdown.target",
    ],
    words: ["--early", "--wait"],
  },
  {
    name: "disco-recover-others.service",
    description: "Finish DISCO merges to file systems besides the root",
    wantedBy: "sysinit.target",
    // In emergency mode the target is not waited for.
    order: [
      `After=${BOOT_UNIT} local-fs.target`,
      "Before=sysinit.target shutdown.target",
    ],
    words: ["--early", "--wait"],
  },
  {
    // Services are started and restarted only when nothing waits for this unit any more. Without the
    // default dependencies the target does not wait for what it wants; see systemd.target(5).
    name: "disco-due.service",
    description: "Carry out what DISCO dances have left to be done",
    wantedBy: "multi-user.target",
    order: [
      "Requires=sysinit.target",
      "After=sysinit.target multi-user.target",
      "Before=shutdown.target",
    ],
    words: ["--wait"],
  },
];

/** The units' texts. They begin nothing where nothing is due. */
export function bootUnits({ argv, state }: BootUnitOptions): BootUnit[] {
  const programs = argv.filter((word) => word.startsWith("/"));
  return ROWS.map(({ name, description, wantedBy, order, words }) => ({
    name,
    wantedBy,
    text: `[Unit]
Description=${description}
DefaultDependencies=no
RequiresMountsFor=${[state, ...programs].map(quote).join(" ")}
${order.join("\n")}
Conflicts=shutdown.target
ConditionDirectoryNotEmpty=${state}/due

[Service]
Type=oneshot
ExecStart=${[...argv, ...words].map(quote).join(" ")}

[Install]
WantedBy=${wantedBy}
`,
  }));
}

/** Write and enable the units in the system at `root`; returns the paths that were written. */
export function installBootUnits(root: string, units: readonly BootUnit[]): string[] {
  const prefix = root === "/" ? "" : root;
  try {
    using tree = new Tree(root);
    const folder = makeFolder(tree, FOLDER);
    dropOld(tree);
    return units.flatMap(({ name, wantedBy, text }) => {
      const path = `${folder}/${name}`;
      tree.remove(`${path}.new`);
      tree.create(`${path}.new`, bytesOf(text), 0o644);
      tree.rename(`${path}.new`, path);
      const wanted = `${FOLDER}/${wantedBy}.wants`;
      const link = `${makeFolder(tree, wanted)}/${name}`;
      if (!tree.stat(link)) tree.symlink(`../${name}`, link);
      return [`${prefix}${FOLDER}/${name}`, `${prefix}${wanted}/${name}`];
    });
  } catch (cause) {
    throw new DiscoError(`Cannot install "${prefix}${FOLDER}/${BOOT_UNIT}": ${messageOf(cause)}`, {
      cause,
    });
  }
}

const FOLDER = "/etc/systemd/system";

/** The link of the first version, which had its one unit before sysinit.target. */
function dropOld(tree: Tree): void {
  const link = `${FOLDER}/sysinit.target.wants/${BOOT_UNIT}`;
  if (tree.stat(link)?.type === "symlink") tree.remove(link);
}

/** Where a folder of the tree is, by links that can be trusted; what is missing is made. */
function makeFolder(tree: Tree, path: string): string {
  return path.split("/").slice(1).reduce((at, name) => {
    const next = `${at}/${name}`;
    if (!tree.stat(next)) tree.mkdir(next);
    return follow(tree, next).path;
  }, "");
}

/** systemd.service(5): quotes, backslashes and specifiers. */
function quote(word: string): string {
  const escaped = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[A-Za-z0-9@%+=:,./_$-]+$/.test(escaped)
    ? escaped
    : `"${escaped.replaceAll(/["\\]/g, (c) => `\\${c}`)}"`;
}
