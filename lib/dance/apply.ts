/**
 * Stages `exec-render` and `exec-run`: one ball in the union.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { askedByPath } from "./asked_by_path.ts";
import { type Asked, commandLine, type Effect } from "../effects/mod.ts";
import { counted } from "../text/counted.ts";
import { DiscoError, messageOf } from "../error/mod.ts";
import { Capped } from "../text/capped.ts";
import { LastLines } from "../text/last_lines.ts";
import { emptyUsage } from "../metrics/mod.ts";
import { applyPermissions, deliverFiles } from "../render/mod.ts";
import { describeOutcome, freshVolatile, isSuccess, runScript } from "../sandbox/mod.ts";
import {
  debug,
  during,
  info,
  printable,
  shellWord,
  shortened,
  terminalLine,
} from "../terminal/mod.ts";
import { addEffects, forgetAsked, tryCollecting } from "./asked.ts";
import type { Ready } from "./values.ts";
import { requireNoneDecided } from "./decisions.ts";
import { deliveryOf, noteDelivered, warnLeftovers, warnUnmatched } from "./delivery.ts";
import { noteLeftInRun } from "./run_left.ts";
import { hiddenFrom } from "./hidden_paths.ts";
import { requireNoneIgnored, requireNoneUnwritten } from "./ignored_denials.ts";
import { asRefusals, hintFor, noteRefusals } from "./not_simulated.ts";
import { renderNext, renderTemplates } from "./templates.ts";
import { identityOf, sandboxOf } from "./sandbox_options.ts";
import { shellScriptOf } from "./shell_script.ts";
import { whileWaiting } from "./signals.ts";
import { requireNoStandIn } from "./stand_ins.ts";
import { outOfSpace } from "./space.ts";

/** Let a ball begin: a layer of its own, and fresh places for what is not merged. */
export function beginBall(dance: Ready, ball: Ball): void {
  dance.mounted.begin(ball.name);
  if (ball.templates.length + ball.scripts.length > 0) freshVolatile(dance.mounted);
}

/** Deliver the files and templates of a ball. */
export async function render(dance: Ready, ball: Ball): Promise<void> {
  const target = dance.mounted.mountpoint;
  const delivery = deliveryOf(dance, ball);
  await explained(dance, async () => {
    const files = dance.meter.measure(
      "exec-render",
      "files",
      ball.name,
      () => deliverFiles(ball, target, delivery),
    );
    const templates = await during(
      progressOf(dance, ball, "templates"),
      () => renderTemplates(dance, ball, delivery),
    );
    applyPermissions(ball, target, delivery);
    noteDelivered(dance, ball);
    for (const path of [...files, ...templates]) {
      debug(`ball ${ball.name}: wrote ${shellWord(path)}`);
    }
    if (files.length + templates.length > 0) {
      const what = [counted(files.length, "file"), counted(templates.length, "template")];
      info(`ball ${ball.name}: delivered ${what.join(", ")}`);
    }
  });
}

/**
 * Run the scripts of a ball. What they ask for of the running system is the dance's once all of them
 * have succeeded, and the ball's `permissions` are applied.
 */
export async function runScripts(dance: Ready, ball: Ball): Promise<void> {
  const effects: Effect[] = [];
  warnLeftovers(ball);
  for (const name of ball.scripts) {
    const what = progressOf(dance, ball, `scripts/${name}`);
    effects.push(...await during(what, () => runOne(dance, ball, name, effects)));
  }
  const { mountpoint } = dance.mounted;
  if (ball.scripts.length > 0) applyPermissions(ball, mountpoint, deliveryOf(dance, ball));
  warnUnmatched(dance, ball);
  noteLeftInRun(dance, ball);
  addEffects(dance, effects);
}

function progressOf({ order }: Ready, { name }: Ball, what: string): string {
  return `ball ${name} (${order.indexOf(name) + 1} of ${order.length}): ${what}`;
}

/** Run one script to its end; returns the effects that it asked for. */
async function runOne(
  dance: Ready,
  ball: Ball,
  name: string,
  before: readonly Effect[],
): Promise<Effect[]> {
  dance.checkInterrupt();
  const { settings } = dance.context;
  const start = dance.meter.clock();
  const script = `scripts/${name}`;
  forgetAsked(dance);
  const last = new LastLines();
  const say = (line: string) => info(`${shellWord(`${ball.name}/${name}`)}: ${line}`);
  const shown = new Capped(say);
  const run = () =>
    runScript({
      ...sandboxOf(dance, ball),
      waiting: [...dance.progress.effects, ...before],
      identity: identityOf(dance, ball.name, script),
      path: script,
      strict: dance.context.restricted,
      seconds: settings.number("disco/client/timeout"),
      signal: dance.interrupt.signal,
      onLine: (line) => {
        const text = terminalLine(line);
        last.add(text);
        shown.take(text);
      },
    });
  const [{ outcome, usage, refusals }] = await whileWaiting(
    dance,
    () => Promise.all([run(), renderNext(dance, ball)]),
  );
  const time_real = dance.meter.clock() - start;
  dance.meter.add({
    ...usage ?? emptyUsage(isSuccess(outcome) ? 0 : 137),
    ball: ball.name,
    stage: "exec-run",
    name: script,
    start,
    time_real,
  });
  const asked = tryCollecting(dance, { ball: ball.name, script });
  const denied = asked instanceof DiscoError ? [] : asked.denied;
  const all = [
    ...refusals,
    ...hiddenFrom(dance, ball, script),
    ...askedByPath(dance, ball, script),
    // A question that was not put to the live system is known from there, too.
    ...asRefusals(denied.filter(({ what }) => !refusals.some((known) => known.what === what))),
  ];
  noteRefusals(dance, ball.name, script, all);
  dance.mounted.requirePlaces();
  if (isSuccess(outcome)) {
    if (asked instanceof DiscoError) throw asked;
    requireNoStandIn(ball.name, script, refusals);
    requireNoneIgnored(ball.name, script, asked.denied);
    requireNoneUnwritten(ball.name, script, shellScriptOf(ball, script), refusals);
    requireNoneDecided(ball, script, asked.effects);
    return asked.effects;
  }
  dance.checkInterrupt();
  // Why it failed stands at the end, as a rule.
  if (shown.isFull) last.list.forEach(say);
  throw new DiscoError(
    `Cannot apply ball "${ball.name}": ${printable(script)} ${describeOutcome(outcome)}`,
    {
      hint: outOfSpace(dance) ?? hintFor(all) ??
        `the lines above are what it printed; ${waitingHint(asked)}try it with exec-shell`,
      output: last.list,
    },
  );
}

/** What a script that has failed may have waited for, and did not get. */
function waitingHint(asked: Asked | DiscoError): string {
  const [first, ...more] = asked instanceof DiscoError ? [] : asked.effects;
  if (first === undefined) return "";
  const others = more.length > 0 ? ` and ${counted(more.length, "more effect")}` : "";
  const what = shortened(commandLine(first.argv), LONGEST_EFFECT);
  return `it had asked for ${
    printable(what)
  }${others}, carried out only after a merge (what has to ` +
    "come after that belongs into post/); ";
}

/** Characters of an effect in a hint. */
const LONGEST_EFFECT = 200;

/** Where the scratchpad is full, that is the cause, whatever failed first. */
async function explained(dance: Ready, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const hint = error instanceof DiscoError ? outOfSpace(dance, error) : undefined;
    if (!hint) throw error;
    throw new DiscoError(messageOf(error), { hint, cause: error });
  }
}
