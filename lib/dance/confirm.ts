/**
 * Commit confirmed: a merge that takes itself back unless somebody confirms it in time, for changes
 * that could cut the node off.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { usageError } from "../context/mod.ts";
import { DiscoError } from "../error.ts";
import { type Generation, generationFolders, listGenerations } from "../merge/mod.ts";
import { lstat } from "../posix/mod.ts";
import { run } from "../run.ts";
import { selfCommand } from "../self.ts";

/** A merged generation that waits for its confirmation. */
export interface Unconfirmed {
  readonly generation: Generation;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
}

/** Milliseconds of a time such as `90s`, `10m` or `2h`. */
export function parseDelay(text: string): number {
  const found = /^([1-9]\d{0,5})([smh])$/.exec(text);
  if (!found) {
    throw usageError(`Cannot use "${text}" as a time: expected one such as "90s", "10m" or "2h"`);
  }
  return Number(found[1]) * { s: 1000, m: 60_000, h: 3_600_000 }[found[2] as "s" | "m" | "h"];
}

/** Note in a generation's folder that it is undone at the deadline. Part of the merge's commit. */
export function requireConfirmation(folder: string, deadline: number): void {
  Deno.writeTextFileSync(`${folder}/confirm`, new Date(deadline).toISOString(), { mode: 0o600 });
}

/** The generations that wait for a confirmation. */
export async function listUnconfirmed(context: Context): Promise<Unconfirmed[]> {
  const isAny = generationFolders(context).some((folder) => lstat(`${folder}/confirm`));
  if (!isAny) return [];
  const waiting = (await listGenerations(context))
    .filter(({ folder, status }) => status === "done" && lstat(`${folder}/confirm`));
  return waiting.map((generation) => {
    const text = Deno.readTextFileSync(`${generation.folder}/confirm`);
    const deadline = Date.parse(text);
    // A file that a crash left empty is as good as over.
    return { generation, deadline: Number.isNaN(deadline) ? 0 : deadline };
  });
}

/** Keep what was merged: nothing is undone any more. */
export function confirmGeneration({ generation }: Unconfirmed): void {
  Deno.removeSync(`${generation.folder}/confirm`);
}

/** Throw while a merge waits for its confirmation: another one on top could not be undone alone. */
export async function refuseUnconfirmed(context: Context): Promise<void> {
  const [waiting] = await listUnconfirmed(context);
  if (!waiting) return;
  const until = new Date(waiting.deadline).toISOString();
  throw new DiscoError(
    `Cannot dance: generation "${waiting.generation.journal.id}" waits for its confirmation until ${until}`,
    { hint: "disco confirm keeps it, disco rollback undoes it" },
  );
}

/**
 * Let `disco recover` be run at the deadline, whatever becomes of this process and its session: by a
 * timer of systemd where that runs, else by a process of its own. After a reboot the boot unit (see
 * `disco install`), or the next dance, sees to it.
 */
export async function armWatcher(
  { roots, root }: Context,
  id: string,
  deadline: number,
): Promise<void> {
  const state = roots.var.replace(/\/var\/disco$/, "") || "/";
  const where = ["--root", root, "--state", state];
  if (lstat("/run/systemd/system")) {
    const seconds = Math.max(1, Math.ceil((deadline - Date.now()) / 1000));
    const unit = ["--collect", "--quiet", `--unit=disco-confirm-${id}`, `--on-active=${seconds}s`];
    await run(["systemd-run", ...unit, ...selfCommand("recover", "--quiet", ...where)]);
    return;
  }
  const at = ["--at", new Date(deadline).toISOString()];
  await run([
    "setsid",
    "--fork",
    "sh",
    "-c",
    'exec "$@" >/dev/null 2>&1 </dev/null',
    "sh",
    ...selfCommand("recover", "--quiet", ...at, ...where),
  ]);
}
