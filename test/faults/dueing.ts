/**
 * A merge with what is due after it, as a dance does both; its recovery, and the verdict on what ran.
 *
 * @module
 */
import { carryOutDue, carryOutLeft, endOrphanedEffect } from "../../lib/dance/carry_out_due.ts";
import { closeStale, deliver, listOwed, loadDue, settle } from "../../lib/dance/due.ts";
import { isRepeatable, NOTHING_DUE, openLogs } from "../../lib/due/mod.ts";
import { messageOf } from "../../lib/error/mod.ts";
import { abandon, begin, commit, listGenerations, prune, recover } from "../../lib/merge/mod.ts";
import { lstat } from "../../lib/posix/mod.ts";
import type { Verdict } from "./merging.ts";
import { contextOfLive, HOME, places, readScene } from "./scene.ts";
import { BEGIN, END } from "./trace.ts";

const ID = "20260101T000001Z-000001";
/** Each effect appends its name. */
const RAN = `${HOME}/ran`;
const BIN = `${HOME}/bin`;

/** One that may run twice, one that may not, one that fails, and one more. */
const EFFECTS = [
  [`${BIN}/systemctl`, "restart", "one"],
  [`${BIN}/odd`, "two"],
  [`${BIN}/flaky`, "three"],
  [`${BIN}/odd`, "four"],
];

/** The live system is where the effects run: here, the program's own. */
const context = () => ({ ...contextOfLive(), root: "/" });

/** Forget what ran, and make the commands. */
export function prepareCommands(): void {
  Deno.mkdirSync(BIN, { recursive: true });
  Deno.writeTextFileSync(RAN, "");
  for (const [name, code] of [["systemctl", 0], ["odd", 0], ["flaky", 1]] as const) {
    const text = `#!/bin/sh\nfor last; do :; done\necho "$last" >>${RAN}\nexit ${code}\n`;
    Deno.writeTextFileSync(`${BIN}/${name}`, text);
    Deno.chmodSync(`${BIN}/${name}`, 0o755);
  }
}

/** What ran so far. */
export function ran(): string {
  return Deno.readTextFileSync(RAN);
}

/** Go back to a moment. */
export function setRan(text: string): void {
  Deno.writeTextFileSync(RAN, text);
}

/** Merge, and do what is due, between two marks for a tracer. */
export async function danceOnce(): Promise<void> {
  lstat(BEGIN!);
  const { difference, union } = readScene();
  const transaction = await begin(contextOfLive(), ID, { places: places() });
  Deno.mkdirSync(context().roots.run, { recursive: true });
  try {
    const mountpoints = places().map(({ path }) => path).filter((path) => path !== "/");
    await commit(transaction, {
      ...{ context: contextOfLive(), balls: ["a"], union, difference, mountpoints },
      due: () => ({
        ...NOTHING_DUE,
        effects: EFFECTS.map((argv) => ({ effect: { ball: "a", script: "1", cwd: "/", argv } })),
        delivered: { before: { a: null }, after: { a: { purge: [], paths: {} } } },
      }),
    });
  } finally {
    abandon(transaction);
  }
  for (const state of await loadDue(context())) {
    deliver(context(), state);
    for (const [number, one] of state.due.effects.entries()) {
      await carryOutDue({ context: context(), id: state.id }, number, one);
    }
    await settle(context(), state.id);
  }
  await prune(contextOfLive(), { count: 1, days: 1 });
  lstat(END!);
}

/** Recover as a command does, and say whether what is due was done or is owed: `old` or `new`. */
export async function judgeDue(): Promise<Verdict> {
  try {
    await recover(contextOfLive(), places());
    endOrphanedEffect(context());
    await closeStale(context());
    for (const state of await loadDue(context())) {
      deliver(context(), state);
      await carryOutLeft(context(), state);
    }
    return await look();
  } catch (error) {
    return `recovery failed: ${messageOf(error)}`;
  }
}

async function look(): Promise<Verdict> {
  const states = (await listGenerations(contextOfLive())).map(({ status }) => status).join();
  const lines = ran().split("\n");
  if (["", "undone"].includes(states)) {
    const isClean = lines.length === 1 && openLogs(context().roots).length === 0;
    return isClean ? "old" : `old, but there is something due: ${lines.join()}`;
  }
  if (!lstat(`${context().roots.var}/delivered.json`)) return "new, but nothing is delivered";
  const owed = await listOwed(context());
  const wrong = EFFECTS.flatMap((argv) => {
    const times = lines.filter((line) => line === argv.at(-1)).length;
    const isOwed = owed.some(({ what }) => what.effect.argv.at(-1) === argv.at(-1));
    const isFailing = argv[0]!.endsWith("flaky");
    if (times === 0 && !isOwed) return [`${argv.at(-1)} was lost`];
    if (times > (isRepeatable(argv) ? 2 : 1)) return [`${argv.at(-1)} ran ${times} times`];
    return isFailing && !isOwed ? [`${argv.at(-1)} failed, and is forgotten`] : [];
  });
  return wrong.length === 0 ? "new" : wrong.join("; ");
}
