/**
 * The unit that finishes cut-off merges early at boot.
 *
 * @module
 */
import { follow, Tree } from "../door/mod.ts";
import { DiscoError, messageOf } from "../error.ts";
import { bytesOf } from "../posix/mod.ts";

/** Name of the unit. */
export const BOOT_UNIT = "disco-recover.service";

/** The unit's text; `argv` runs `disco recover`. */
export function bootUnit(argv: readonly string[], state: string): string {
  return `[Unit]
Description=Finish DISCO merges that were cut off
DefaultDependencies=no
RequiresMountsFor=${state}
After=local-fs.target
Before=sysinit.target shutdown.target
Conflicts=shutdown.target
ConditionDirectoryNotEmpty=${state}/generations

[Service]
Type=oneshot
ExecStart=${argv.map(quote).join(" ")}

[Install]
WantedBy=sysinit.target
`;
}

/** Write and enable the unit in the system at `root`; returns the paths that were written. */
export function installBootUnit(root: string, text: string): string[] {
  const unit = `${FOLDER}/${BOOT_UNIT}`;
  const wanted = `${FOLDER}/sysinit.target.wants`;
  const prefix = root === "/" ? "" : root;
  try {
    using tree = new Tree(root);
    const folder = makeFolder(tree, FOLDER);
    const path = `${folder}/${BOOT_UNIT}`;
    tree.remove(`${path}.new`);
    tree.create(`${path}.new`, bytesOf(text), 0o644);
    tree.rename(`${path}.new`, path);
    const link = `${makeFolder(tree, wanted)}/${BOOT_UNIT}`;
    if (!tree.stat(link)) tree.symlink(`../${BOOT_UNIT}`, link);
    return [prefix + unit, `${prefix}${wanted}/${BOOT_UNIT}`];
  } catch (cause) {
    throw new DiscoError(`Cannot install "${prefix}${unit}": ${messageOf(cause)}`, { cause });
  }
}

const FOLDER = "/etc/systemd/system";

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
