/**
 * What can still undo a merge once its effects have been carried out.
 *
 * @module
 */
import { commandLine } from "../effects/mod.ts";
import { listGenerations, readWhole } from "../merge/mod.ts";
import { error, info } from "../terminal/mod.ts";
import { askCommand, confirmGeneration, listUnconfirmed } from "./confirm.ts";
import { keep } from "./finish.ts";
import { refuseBalls } from "./refused_balls.ts";
import { whileWaiting } from "./signals.ts";
import { undoGeneration } from "./undo.ts";
import type { Finished, Merged } from "./values.ts";

/** Whether a dance is to be undone because effects of it failed. */
export function isToBeUndone({ context, isWell, generation, interrupt }: Finished): boolean {
  const wish = context.settings.word("disco/client/on-effect-failure");
  // A dance that was asked to end does not begin a rollback.
  return !isWell && wish === "rollback" && generation !== null && !interrupt.signal.aborted;
}

/** Undo a dance whose effects failed. */
export async function undoFailed(dance: Finished): Promise<void> {
  const undo = await undoDance(dance);
  dance.progress.error = `effects failed: the dance was undone by generation ${undo}`;
  error(dance.progress.error);
}

async function undoDance(dance: Merged): Promise<string> {
  const { context, generation } = dance;
  await keep(dance);
  const generations = await listGenerations(context);
  const own = generations.find(({ head }) => head.id === generation)!;
  const { undo } = await undoGeneration(context, await readWhole(own), {
    force: false,
    effects: true,
  });
  return undo.id;
}

/** With `--confirm-by` a command decides, at the latest at the deadline. */
export async function confirmByCommand(dance: Merged): Promise<void> {
  const { context, options, progress, generation, interrupt } = dance;
  const argv = options.confirmBy;
  if (!argv || generation === null) return;
  const waiting = (await listUnconfirmed(context))
    .find((one) => one.generation.head.id === generation);
  if (!waiting) return;
  const what = commandLine(argv);
  info(`asking for confirmation: ${what}`);
  const why = await whileWaiting(
    dance,
    () => askCommand(context, argv, waiting.deadline, interrupt),
  );
  // A dance that was asked to end leaves it to the deadline.
  if (interrupt.signal.aborted) return;
  if (why === undefined) {
    await confirmGeneration(context, waiting);
    info(`generation ${generation} is confirmed by ${what}`);
    return;
  }
  refuseBalls(context.roots, generation, waiting.generation.head.due?.balls ?? {});
  const undo = await undoDance(dance);
  progress.error = `not confirmed: ${what} ${why}: the dance was undone by generation ${undo}`;
  error(progress.error);
}
