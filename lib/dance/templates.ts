/**
 * The templates of a ball, Eta's and bash's.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { emptyUsage, type Metric } from "../metrics/mod.ts";
import { facts } from "../facts/mod.ts";
import { Params } from "../params/mod.ts";
import {
  bashTemplates,
  EtaRenderer,
  etaTemplates,
  expectedRenderer,
  placeTemplates,
  rememberTemplates,
  type Rendered,
  type RenderOptions,
} from "../render/mod.ts";
import { freshVolatile, runTemplates } from "../sandbox/mod.ts";
import { printable, shellWord, warning } from "../terminal/mod.ts";
import type { Dance } from "./dance.ts";
import type { Planned, Ready } from "./values.ts";
import { nextTurn, whileWaiting } from "./signals.ts";
import { identityOf, sandboxOf } from "./sandbox_options.ts";

/** Let what renders Eta templates get ready while balls are fetched, if some are to be expected. */
export function expectTemplates(dance: Dance): void {
  dance.templates.eta ??= expectedRenderer(dance.context.roots.fetched) ?? null;
}

/** Let what renders Eta templates get ready, if a ball of the plan has one; or end it. */
export async function prepareTemplates(dance: Planned): Promise<void> {
  const isNeeded = dance.order.some((name) => etaTemplates(dance.ball(name)).length > 0);
  rememberTemplates(dance.context.roots.fetched, isNeeded);
  if (isNeeded) {
    dance.templates.eta ??= new EtaRenderer();
    return dance.templates.eta.prepare();
  }
  await dance.templates.eta?.close();
  dance.templates.eta = null;
}

/** End what renders Eta templates. */
export async function closeTemplates({ templates }: Dance): Promise<void> {
  await templates.eta?.close();
}

/** Render all templates of a ball, then place them all; returns the places of what was written. */
export async function renderTemplates(
  dance: Ready,
  ball: Ball,
  options: RenderOptions,
): Promise<string[]> {
  if (ball.templates.length === 0) return [];
  const rendered = new Map([...await renderEta(dance, ball), ...await renderBash(dance, ball)]);
  return dance.meter.measure(
    "exec-render",
    "templates",
    ball.name,
    () => placeTemplates(ball, dance.mounted.mountpoint, rendered, options),
  );
}

/**
 * Begin to render the Eta templates of a ball before its turn: they see nothing of the union. What goes
 * wrong is told when it is the ball's turn.
 */
export function renderAhead(dance: Planned, name: string | undefined): void {
  const { ahead } = dance.templates;
  if (name === undefined || ahead.has(name)) return;
  // One at a time: those of a ball that was left out can still be going on.
  const rendered = Promise.allSettled(ahead.values()).then(() => startEta(dance, name));
  rendered.catch(() => {});
  ahead.set(name, rendered);
}

/** To be called when a script has been started, while which there is time for the next ball. */
export async function renderNext(dance: Ready, { name }: Ball): Promise<void> {
  if (dance.way.isAlone) return;
  await nextTurn();
  renderAhead(dance, dance.order[dance.order.indexOf(name) + 1]);
}

async function renderEta(dance: Ready, { name }: Ball): Promise<Rendered> {
  renderAhead(dance, name);
  const { ahead } = dance.templates;
  const rendered = ahead.get(name)!;
  ahead.delete(name);
  return await whileWaiting(dance, () => rendered);
}

async function startEta(dance: Planned, name: string): Promise<Rendered> {
  dance.checkInterrupt();
  const ball = dance.ball(name);
  const templates = etaTemplates(ball);
  if (templates.length === 0) return new Map();
  const eta = dance.templates.eta ??= new EtaRenderer();
  // A template that does not end would keep Ctrl-C waiting.
  const stop = () => void eta.close();
  dance.interrupt.signal.addEventListener("abort", stop, { once: true });
  return await dance.meter.measure("exec-render", "templates (eta)", ball.name, () => {
    dance.templates.view ??= {
      node: dance.context.node,
      params: new Params(`${dance.context.roots.parameters}/${dance.context.node}`),
      facts: facts(dance.context.root),
    };
    return eta.render(ball, templates, dance.templates.view);
  }).finally(() => dance.interrupt.signal.removeEventListener("abort", stop));
}

async function renderBash(dance: Ready, ball: Ball): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const templates = bashTemplates(ball);
  if (templates.length === 0) return new Map();
  const odd = templates.find((name) => name.includes("\n"));
  if (odd !== undefined) {
    throw new DiscoError(
      `Cannot render template "${printable(`templates/${odd}`)}" of ball "${ball.name}": ` +
        "its name holds a newline",
      { hint: "rename it on the server; only files and Eta templates can have such names" },
    );
  }
  // What a template writes is thrown away: what was delivered before it is kept aside.
  dance.mounted.seal();
  const seconds = dance.context.settings.number("disco/client/timeout");
  const results = await whileWaiting(dance, () =>
    runTemplates({
      ...sandboxOf(dance, ball),
      // A template is the same in a dry run and in a live one.
      network: dance.context.settings.flag("disco/client/noop/network"),
      identity: identityOf(dance, ball.name, "templates"),
      templates,
      seconds,
      errorsCount: isStrict(dance, ball),
      signal: dance.interrupt.signal,
    }));
  dance.mounted.drop();
  freshVolatile(dance.mounted);
  for (const { template, usage, said } of results) {
    dance.meter.add(metric(ball, `templates/${template}`, usage));
    showSaid(`${ball.name}/templates/${template}`, said);
  }
  const failed = results.find(({ error }) => error !== undefined);
  if (failed) {
    throw new DiscoError(
      `Cannot render template "${
        printable(`templates/${failed.template}`)
      }" of ball "${ball.name}": ${failed.error}`,
      { hint: hintOf(failed.error), output: failed.said.slice(-MOST_SHOWN) },
    );
  }
  return new Map(results.map(({ template, content }) => [template, content]));
}

/** A template that came to an end of its own, and failed, was refused nothing. */
function hintOf(error = ""): string {
  return error.startsWith("ended with exit code")
    ? "the lines above are what it printed on standard error"
    : "bash templates read, compute and print; what acts or asks belongs into scripts/";
}

/** Lines of a template's complaints that are shown, the last ones. */
const MOST_SHOWN = 40;

function showSaid(name: string, said: readonly string[]): void {
  if (said.length > MOST_SHOWN) warning(`${shellWord(name)}: (more lines, which are not shown)`);
  for (const line of said.slice(-MOST_SHOWN)) warning(`${shellWord(name)}: ${line}`);
}

/** Whether the node's parameters, or the ball's own defaults, say that each error counts. */
function isStrict({ context }: Dance, ball: Ball): boolean {
  const params = new Params(`${context.roots.parameters}/${context.node}`);
  const key = `${ball.name}/templates/strict`;
  const value = params.get(key)?.trim() ?? "no";
  if (["yes", "no"].includes(value)) return value === "yes";
  throw new DiscoError(`Cannot use parameter "${key}": expected yes or no, got "${value}"`);
}

function metric(ball: Ball, name: string, usage: Partial<Metric> | undefined): Metric {
  return { ...emptyUsage(usage ? 0 : 137), ...usage, ball: ball.name, stage: "exec-render", name };
}
