/**
 * The effects that scripts ask for: taken over from the sandbox, and kept until the merge.
 *
 * @module
 */
import { readAccounts } from "../accounts/list.ts";
import { Tree } from "../door/mod.ts";
import {
  type Asked,
  type Asker,
  besides,
  commandLine,
  type Effect,
  readAsked,
} from "../effects/mod.ts";
import { DiscoError } from "../error/mod.ts";
import { environmentOf, freshService, SANDBOX_PATH } from "../sandbox/mod.ts";
import { warning } from "../terminal/mod.ts";
import type { Dance } from "./dance.ts";
import type { Mounted } from "./values.ts";
import { identityOf } from "./sandbox_options.ts";

/** Empty the folder in which scripts ask for effects: what is there belongs to nobody any more. */
export function forgetAsked(dance: Mounted): void {
  freshService(dance.mounted, ["effects"]);
}

/** Take over what was asked for since {@linkcode forgetAsked}. */
export function collectAsked(dance: Mounted, asker: Asker): Asked {
  const given = environmentOf(identityOf(dance, asker.ball, asker.script), SANDBOX_PATH);
  const { mountpoint } = dance.mounted;
  return readAsked(dance.mounted.folder("effects"), asker, given, (uid) => userIn(mountpoint, uid));
}

/** The name of an account in the union; undefined where its own file does not have it. */
function userIn(mountpoint: string, uid: number): string | undefined {
  using tree = new Tree(mountpoint);
  return readAccounts(tree, "/etc/passwd").find(({ id }) => id === uid)?.name;
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
export function tryCollecting(dance: Mounted, asker: Asker): Asked | DiscoError {
  try {
    return collectAsked(dance, asker);
  } catch (error) {
    if (error instanceof DiscoError) return error;
    throw error;
  }
}
