/**
 * Say how this node stands.
 *
 * @module
 */
import type { Options } from "../lib/command_line/mod.ts";
import { runAlone } from "./alone.ts";
import { makeContext } from "../lib/context/mod.ts";
import { leftLine, listLeft, listOwed, listUnconfirmed, owedLine } from "../lib/dance/mod.ts";
import { durationOf, type Orphan, type Result } from "../lib/result/mod.ts";
import { latestDance, loadResult } from "../lib/state/mod.ts";
import { outcome } from "../lib/report/mod.ts";
import { orphansLine } from "../lib/orphans/mod.ts";
import { print, printable, printJson, shellWord } from "../lib/terminal/mod.ts";

/** Run it. */
export async function main(options: Options): Promise<number> {
  const context = await makeContext(options);
  const id = latestDance(context.roots);
  const result = id === undefined ? null : loadResult(context.roots, id);
  const owed = await listOwed(context);
  const left = await listLeft(context);
  const waiting = (await listUnconfirmed(context)).map(({ generation, deadline }) => ({
    generation: generation.head.id,
    deadline: new Date(deadline).toISOString(),
  }));
  const orphans = (result?.orphans ?? []).filter(({ status }) => status !== "purged");
  const ok = result?.ok !== false && owed.length + left.length + waiting.length === 0;
  if (context.json) {
    const dance = result && { id: result.dance, noop: result.noop, ok: result.ok };
    printJson({ schema: 1, node: context.node, ok, dance, orphans, owed: owed.length, waiting });
    return ok ? 0 : 1;
  }
  print([
    `node ${context.node}`,
    danceLine(result),
    ...options.flags.has("verbose") ? orphans.map(orphanLine) : linesByBall(orphans),
    ...waiting.map(({ generation, deadline }) =>
      `generation ${generation} is undone at ${deadline}, unless disco confirm is run before`
    ),
    ...left.map(leftLine),
    ...owed.map((one) => `owed: ${owedLine(one)}`),
  ].join("\n"));
  return ok ? 0 : 1;
}

function danceLine(result: Result | null): string {
  if (!result) return "no dance is kept";
  const how = result.noop ? "dry run" : "dance";
  const seconds = durationOf(result).toFixed(2);
  return printable(
    `last ${how}: ${result.dance}, ${result.finished}, ${seconds} s: ${outcome(result)}`,
  );
}

function linesByBall(orphans: readonly Orphan[]): string[] {
  return [...Map.groupBy(orphans, ({ ball }) => ball)].map(([ball, own]) =>
    orphansLine(ball, own, "--verbose")
  );
}

function orphanLine({ ball, path, status }: Orphan): string {
  const hand = status === "changed" ? ", changed by hand since" : "";
  return `orphan: ${shellWord(path)} [${printable(ball)}]${hand}`;
}

if (import.meta.main) Deno.exit(await runAlone("status", main));
