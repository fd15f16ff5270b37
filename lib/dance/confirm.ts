/**
 * Commit confirmed: a merge that takes itself back unless it is confirmed in time, for changes
 * that could cut the node off.
 *
 * @module
 */
import type { Context } from "../context/mod.ts";
import { usageError } from "../command_line/mod.ts";
import { note } from "../due/mod.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import { type Generation, listGenerations } from "../merge/mod.ts";
import { generationFolders } from "../state/mod.ts";
import { lstat } from "../posix/mod.ts";
import { environmentOf } from "../sandbox/mod.ts";
import { supervise } from "../process/supervise.ts";
import { info, terminalLine } from "../terminal/mod.ts";
import { splitWords } from "../transport/mod.ts";
import { loadDue, settle } from "./due.ts";
import { disarmWatcher } from "./watcher.ts";

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

/** The words of a command, as a shell would split them; nothing else of a shell is done. */
export function parseCommand(text: string): string[] {
  return splitWords(text, "--confirm-by");
}

/** The generations that wait for a confirmation. */
export async function listUnconfirmed(context: Context): Promise<Unconfirmed[]> {
  const waiting = (await loadDue(context)).filter((state) =>
    state.due.confirm !== null && !state.isConfirmed
  );
  const old = generationFolders(context).filter((folder) => lstat(`${folder}/confirm`));
  if (waiting.length + old.length === 0) return [];
  const generations = await listGenerations(context, { readable: true });
  return generations.flatMap((generation): Unconfirmed[] => {
    const state = waiting.find(({ id }) => id === generation.head.id);
    if (state) return [{ generation, deadline: timeOf(state.due.confirm!) }];
    const isOld = generation.status === "done" && old.includes(generation.folder);
    if (!isOld) return [];
    return [{
      generation,
      deadline: timeOf(Deno.readTextFileSync(`${generation.folder}/confirm`)),
    }];
  });
}

/** A time that cannot be read is over. */
function timeOf(text: string): number {
  const time = Date.parse(text);
  return Number.isNaN(time) ? 0 : time;
}

/** Keep what was merged: nothing is undone any more. */
export async function confirmGeneration(
  context: Context,
  { generation }: Unconfirmed,
): Promise<void> {
  const { id } = generation.head;
  if (generation.head.due?.confirm) {
    note(context.roots, id, { event: "confirmed" });
    await settle(context, id);
  }
  forgetOldConfirmation(generation);
  await disarmWatcher(id);
}

/** Generations of old versions have a file that says when they are undone. */
export function forgetOldConfirmation({ folder }: Generation): void {
  if (lstat(`${folder}/confirm`)) Deno.removeSync(`${folder}/confirm`);
}

/** Throw while a merge waits for its confirmation: another one on top could not be undone alone. */
export async function refuseUnconfirmed(context: Context): Promise<void> {
  const [waiting] = await listUnconfirmed(context);
  if (!waiting) return;
  const until = new Date(waiting.deadline).toISOString();
  throw new DiscoError(
    `Cannot dance: generation "${waiting.generation.head.id}" waits for its confirmation until ${until}`,
    { hint: "disco confirm keeps it, disco rollback undoes it", code: 5 },
  );
}

/**
 * Let a command decide whether a merge is kept; it has time until the deadline. Returns why it is not,
 * to follow the command's name, or undefined.
 */
export async function askCommand(
  context: Context,
  argv: readonly string[],
  deadline: number,
  { signal }: Pick<AbortController, "signal">,
): Promise<string | undefined> {
  const timeout = deadline - Date.now() - MARGIN;
  if (timeout <= 0) return "had no time left";
  const env = environmentOf({
    node: context.node,
    dance: "",
    ball: "",
    script: "confirm-by",
    noop: false,
  });
  try {
    const { code, signal: by, late } = await supervise(argv, {
      env,
      timeout,
      onLine: (line) => info(terminalLine(line)),
      signal,
    });
    if (late) return "did not end in time";
    if (by) return `was killed by ${by}`;
    return code === 0 ? undefined : `ended with exit code ${code}`;
  } catch (thrown) {
    return `could not be started: ${messageOf(thrown)}`;
  }
}

/** Milliseconds before the deadline at which the command's time is over. */
const MARGIN = 500;
