/**
 * The unit that finishes cut-off merges early at boot.
 *
 * @module
 */
import { dirname } from "@std/path";
import { DiscoError, messageOf } from "../error.ts";

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
  const prefix = root === "/" ? "" : root;
  const unit = `${prefix}/etc/systemd/system/${BOOT_UNIT}`;
  const wanted = `${prefix}/etc/systemd/system/sysinit.target.wants/${BOOT_UNIT}`;
  try {
    Deno.mkdirSync(dirname(wanted), { recursive: true });
    Deno.writeTextFileSync(`${unit}.new`, text, { mode: 0o644 });
    Deno.renameSync(`${unit}.new`, unit);
    try {
      Deno.symlinkSync(`../${BOOT_UNIT}`, wanted);
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
    return [unit, wanted];
  } catch (cause) {
    throw new DiscoError(`Cannot install "${unit}": ${messageOf(cause)}`, { cause });
  }
}

/** systemd.service(5): quotes, backslashes and specifiers. */
function quote(word: string): string {
  const escaped = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[A-Za-z0-9@%+=:,./_$-]+$/.test(escaped)
    ? escaped
    : `"${escaped.replaceAll(/["\\]/g, (c) => `\\${c}`)}"`;
}
