/**
 * Parameters that a ball uses and nobody gives, or gives and nobody uses: mostly typing mistakes.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { isSecretKey } from "../params/key.ts";
import { printable } from "../terminal/printable.ts";
import type { Ball } from "../ball/ball.ts";
import type { Finding } from "./finding.ts";
import {
  defaultsOf,
  type ParameterText,
  parameterTexts,
  requiredBalls,
} from "./parameter_texts.ts";
import { isAtOrBelow, isRelated, type Need } from "./uses.ts";

/** Compare what a ball uses with its defaults, and with those of the balls that it requires. */
export function lintParameters(ball: Ball): Finding[] {
  const texts = parameterTexts(ball);
  let required;
  try {
    required = requiredBalls(ball);
  } catch (cause) {
    if (!(cause instanceof DiscoError)) throw cause;
    return [skipped(`parameters, because a ball that it requires is broken: ${cause.message}`)];
  }
  const { found, missing } = required;
  const own = defaultsOf(ball);
  const defaults = [...own, ...found.flatMap(defaultsOf)];
  const everything = [...texts, ...found.flatMap(parameterTexts)];
  const computing = texts.filter(({ uses }) => uses && uses.computed.length > 0);
  return [
    ...missing.length > 0
      ? [skipped(`parameters: "${missing.join('", "')}" is not beside the ball, and may have them`)]
      : [...texts.flatMap((text) => unknownKeys(text, defaults)), ...unusedKeys(own, everything)],
    ...computing.length > 0
      ? [skipped(`keys of parameters that are computed, in ${listed(computing)}`)]
      : [],
  ];
}

function unknownKeys({ path, uses }: ParameterText, defaults: readonly string[]): Finding[] {
  // Delivered files and post scripts run on the live system.
  if (!uses || !/^(templates|scripts)\//.test(path)) return [];
  return uses.needs.filter(({ key }) => !defaults.some((known) => isRelated(key, known)))
    .map((need) => unknown(path, need));
}

function unknown(path: string, { key, line, what }: Need): Finding {
  const where = `${printable(path)}, line ${line}: ${printable(what)}`;
  // A default in the ball would be for everybody to see.
  if (isSecretKey(key)) return { level: "info", text: `${where}: every node must set this secret` };
  return {
    level: "warning",
    text: `${where}: no default is given, here or in parameters/: every node must set it`,
  };
}

/** Keys that DISCO reads itself: whether errors of templates count, and rules for commands. */
const OF_DISCO = /^([^/]+\/templates\/strict|([^/]+\/)?(restricted|reactions|checks)\.d\/[^/]+)$/;

function unusedKeys(own: readonly string[], texts: readonly ParameterText[]): Finding[] {
  const isUsed = (key: string) =>
    texts.some(({ text, uses }) =>
      mentions(text, key) || uses?.keys.some((used) => isAtOrBelow(key, used)) ||
      uses?.computed.some((beginning) => key.startsWith(beginning))
    );
  return own.filter((key) => !isUsed(key) && !OF_DISCO.test(key)).map((key) => ({
    level: "info",
    text: `parameters/${printable(key)}: nothing in the ball uses it, nor in those it requires`,
  }));
}

/** Whether a key stands in a text, and not only as a part of a longer word. */
function mentions(text: string, key: string): boolean {
  const isPart = (c = "") => /[\w@%+=:,-]/.test(c);
  for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
    if (!isPart(text[at - 1]) && !isPart(text[at + key.length])) return true;
  }
  return false;
}

function listed(texts: readonly ParameterText[]): string {
  return texts.map(({ path }) => printable(path)).join(", ");
}

function skipped(text: string): Finding {
  return { level: "skipped", text };
}
