/**
 * Stages `exec-render` and `exec-run`: one ball in the union.
 *
 * @module
 */
import { parseAccounts } from "../accounts/list.ts";
import type { Ball } from "../ball/mod.ts";
import { Tree } from "../door/mod.ts";
import {
  type Asked,
  type Asker,
  besides,
  commandLine,
  type Effect,
  readAsked,
} from "../effects/mod.ts";
import { DiscoError, messageOf } from "../error.ts";
import { emptyUsage } from "../metrics/mod.ts";
import { nameOf } from "../posix/mod.ts";
import { applyPermissions, deliverFiles } from "../render/mod.ts";
import {
  describeOutcome,
  environmentOf,
  freshService,
  freshVolatile,
  isSuccess,
  runScript,
  SANDBOX_PATH,
} from "../sandbox/mod.ts";
import {
  debug,
  during,
  info,
  printable,
  shellWord,
  terminalLine,
  warning,
} from "../terminal/mod.ts";
import type { Dance } from "./dance.ts";
import { deliveryOf, noteDelivered, warnUnmatched } from "./delivery.ts";
import { noteLeftInRun } from "./run_left.ts";
import { requireNoneIgnored } from "./ignored_denials.ts";
import { asRefusals, hintFor, noteRefusals } from "./not_simulated.ts";
import { renderTemplates } from "./templates.ts";
import { DEFAULT_TIMEOUT, identityOf, sandboxOf } from "./sandbox_options.ts";
import { whileWaiting } from "./signals.ts";
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

function counted(number: number, what: string): string {
  return number === 1 ? `1 ${what}` : `${number} ${what}s`;
}

/**
 * Run the scripts of a ball. What they ask for of the running system is the dance's once all of them
 * have succeeded, and the ball's `permissions` are applied.
 */
export async function runScripts(dance: Dance, ball: Ball): Promise<void> {
  const effects: Effect[] = [];
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

function progressOf({ order }: Dance, { name }: Ball, what: string): string {
  return `ball ${name} (${order.indexOf(name) + 1} of ${order.length}): ${what}`;
}

/** Run one script to its end; returns the effects that it asked for. */
async function runOne(
  dance: Dance,
  ball: Ball,
  name: string,
  before: readonly Effect[],
): Promise<Effect[]> {
  dance.checkInterrupt();
  const { settings } = dance.context;
  const start = dance.meter.clock();
  const script = `scripts/${name}`;
  forgetAsked(dance);
  const { outcome, usage, refusals } = await whileWaiting(dance, () =>
    runScript({
      ...sandboxOf(dance, ball),
      waiting: [...dance.progress.effects, ...before],
      identity: identityOf(dance, ball.name, script),
      path: script,
      strict: dance.context.restricted,
      seconds: settings.number("disco/client/timeout", DEFAULT_TIMEOUT, 1),
      signal: dance.interrupt.signal,
      onLine: capped((line) => info(`${shellWord(`${ball.name}/${name}`)}: ${terminalLine(line)}`)),
    }));
  const time_real = dance.meter.clock() - start;
  dance.meter.add({
    ...usage ?? emptyUsage(isSuccess(outcome) ? 0 : 137),
    ball: ball.name,
    stage: "exec-run",
    name: script,
    start,
    time_real,
  });
  const asked = tryReading(dance, { ball: ball.name, script });
  const denied = asked instanceof DiscoError ? [] : asked.denied;
  const all = [
    ...refusals,
    // A question that was not put to the live system is known from there, too.
    ...asRefusals(denied.filter(({ what }) => !refusals.some((known) => known.what === what))),
  ];
  noteRefusals(dance, ball.name, script, all);
  dance.mounted.requirePlaces();
  if (isSuccess(outcome)) {
    if (asked instanceof DiscoError) throw asked;
    requireNoneIgnored(ball.name, script, asked.denied);
    return asked.effects;
  }
  dance.checkInterrupt();
  throw new DiscoError(
    `Cannot apply ball "${ball.name}": ${printable(script)} ${describeOutcome(outcome)}`,
    {
      hint: outOfSpace(dance) ?? hintFor(all) ??
        "the lines above are what it printed; try it with exec-shell",
    },
  );
}

/** Empty the folder in which scripts ask for effects: what is there belongs to nobody any more. */
export function forgetAsked(dance: Dance): void {
  freshService(dance.mounted, ["effects"]);
}

/** Bytes of /etc/passwd that are looked at for a name. */
const LONGEST_PASSWD = 1 << 20;

/** Take over what was asked for since {@linkcode forgetAsked}. */
export function collectAsked(dance: Dance, asker: Asker): Asked {
  const given = environmentOf(identityOf(dance, asker.ball, asker.script), SANDBOX_PATH);
  const { mountpoint } = dance.mounted;
  return readAsked(dance.mounted.folder("effects"), asker, given, (uid) => userIn(mountpoint, uid));
}

/** The name of an account in the union; undefined where its own file does not have it. */
function userIn(mountpoint: string, uid: number): string | undefined {
  using tree = new Tree(mountpoint);
  const text = nameOf(tree.read("/etc/passwd", LONGEST_PASSWD) ?? new Uint8Array());
  return parseAccounts(text).find(({ id }) => id === uid)?.name;
}

/** Effects of a whole dance: they are shown, kept and carried out one after the other. */
const MOST_OF_A_DANCE = 10_000;
/** Bytes that they read from standard input, which are kept in base64. */
const MOST_INPUT_OF_A_DANCE = 32 << 20;

/** Let the dance have effects of a ball that was applied; in a dry run they are told only. */
export function addEffects(dance: Dance, effects: readonly Effect[]): void {
  const known = dance.progress.effects;
  if (known.length + effects.length > MOST_OF_A_DANCE) {
    throw new DiscoError(
      `Cannot apply ball "${
        effects[0]!.ball
      }": the balls ask for more than ${MOST_OF_A_DANCE} effects`,
      { hint: "do more in one script of post/" },
    );
  }
  const input = [...known, ...effects].reduce((sum, one) => sum + (one.input?.length ?? 0), 0);
  if (input * 3 / 4 > MOST_INPUT_OF_A_DANCE) {
    throw new DiscoError(
      `Cannot apply ball "${effects[0]!.ball}": the effects read more than ${
        MOST_INPUT_OF_A_DANCE >> 20
      } MiB from standard input`,
      { hint: "deliver it in files/, and name that file" },
    );
  }
  known.push(...effects);
  if (!dance.context.noop) return;
  // Whether the others are carried out is known once the changes are.
  effects.filter(({ ifChanged }) => ifChanged === undefined).forEach(sayWouldExecute);
}

/** Say in a dry run what is not done. */
export function sayWouldExecute(effect: Effect): void {
  warning(`Would execute: ${commandLine(effect.argv)}${besides(effect)}`);
}

/** Of a script that failed it does not matter what is wrong with its effects, too. */
function tryReading(dance: Dance, asker: Asker): Asked | DiscoError {
  try {
    return collectAsked(dance, asker);
  } catch (error) {
    if (error instanceof DiscoError) return error;
    throw error;
  }
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
