/**
 * Stages `exec-render` and `exec-run`: one ball in the union.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { DiscoError, messageOf } from "../error.ts";
import { commandLine, readEffects } from "../effects/mod.ts";
import { emptyUsage } from "../metrics/mod.ts";
import { applyPermissions, deliverFiles } from "../render/mod.ts";
import { describeOutcome, freshVolatile, isSuccess, runScript } from "../sandbox/mod.ts";
import { debug, info, warning } from "../terminal/mod.ts";
import type { Dance } from "./dance.ts";
import { deliveryOf, noteDelivered, warnUnmatched } from "./delivery.ts";
import { deniedIn, hintFor, noteRefusals } from "./not_simulated.ts";
import { renderTemplates } from "./templates.ts";
import { DEFAULT_TIMEOUT, identityOf, sandboxOf } from "./sandbox_options.ts";
import { outOfSpace } from "./space.ts";

/** Let a ball begin: a layer of its own, and fresh places for what is not merged. */
export function beginBall(dance: Dance, ball: Ball): void {
  dance.mounted.begin(ball.name);
  if (ball.templates.length + ball.scripts.length > 0) freshVolatile(dance.mounted);
}

/** Deliver the files and templates of a ball. */
export async function render(dance: Dance, ball: Ball): Promise<void> {
  const target = dance.mounted.mountpoint;
  const delivery = deliveryOf(dance, ball);
  await explained(dance, async () => {
    const files = dance.meter.measure(
      "exec-render",
      "files",
      ball.name,
      () => deliverFiles(ball, target, delivery),
    );
    const templates = await renderTemplates(dance, ball, delivery);
    applyPermissions(ball, target, delivery);
    noteDelivered(dance, ball);
    for (const path of [...files, ...templates]) debug(`ball ${ball.name}: wrote ${path}`);
    if (files.length + templates.length > 0) {
      info(`ball ${ball.name}: delivered ${files.length} files, ${templates.length} templates`);
    }
  });
}

/** Run the scripts of a ball, and collect the effects that they ask for. */
export async function runScripts(dance: Dance, ball: Ball): Promise<void> {
  const { settings } = dance.context;
  const seconds = settings.number("disco/client/timeout", DEFAULT_TIMEOUT, 1);
  let denied = 0;
  for (const name of ball.scripts) {
    dance.checkInterrupt();
    const start = dance.meter.clock();
    const script = `scripts/${name}`;
    const { outcome, usage, refusals } = await runScript({
      ...sandboxOf(dance, ball),
      identity: identityOf(dance, ball.name, script),
      path: script,
      strict: dance.context.restricted,
      seconds,
      signal: dance.interrupt.signal,
      onLine: capped((line) => info(`${ball.name}/${name}: ${line}`)),
    });
    const time_real = dance.meter.clock() - start;
    dance.meter.add({
      ...usage ?? emptyUsage(isSuccess(outcome) ? 0 : 137),
      ball: ball.name,
      stage: "exec-run",
      name: script,
      start,
      time_real,
    });
    const all = [...refusals, ...deniedIn(dance).slice(denied)];
    denied += all.length - refusals.length;
    noteRefusals(dance, ball.name, script, all);
    dance.mounted.requirePlaces();
    if (isSuccess(outcome)) continue;
    dance.checkInterrupt();
    throw new DiscoError(
      `Cannot apply ball "${ball.name}": ${script} ${describeOutcome(outcome)}`,
      {
        hint: outOfSpace(dance) ?? hintFor(all) ??
          "the lines above are what it printed; try it with exec-shell",
      },
    );
  }
  const { mountpoint } = dance.mounted;
  if (ball.scripts.length > 0) applyPermissions(ball, mountpoint, deliveryOf(dance, ball));
  warnUnmatched(dance, ball);
  collectEffects(dance);
}

/** Take over the effects that were asked for since the ball, or the shell, began. */
export function collectEffects(dance: Dance): void {
  const effects = readEffects(dance.mounted.folder("effects"));
  dance.progress.effects.push(...effects);
  if (!dance.context.noop) return;
  for (const { argv } of effects) warning(`Would execute : ${commandLine(argv)}`);
}

/** What went wrong where the scratchpad is full is the scratchpad, whoever met it first. */
async function explained(dance: Dance, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const hint = error instanceof DiscoError ? outOfSpace(dance, error) : undefined;
    if (!hint) throw error;
    throw new DiscoError(messageOf(error), { hint, cause: error });
  }
}

/** How much is shown of what one script prints: lines, and characters. */
const MOST_LINES = 10_000;
const MOST_CHARACTERS = 4 * 1024 * 1024;

function capped(show: (line: string) => void): (line: string) => void {
  let [lines, characters] = [0, 0];
  let isFull = false;
  return (line) => {
    if (isFull) return;
    characters += line.length;
    isFull = ++lines > MOST_LINES || characters > MOST_CHARACTERS;
    if (!isFull) return show(line);
    const most = lines > MOST_LINES ? `${MOST_LINES} lines` : `${MOST_CHARACTERS} characters`;
    show(`(more than ${most}: the rest is not shown)`);
  };
}
