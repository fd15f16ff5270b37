/**
 * The history for a person.
 *
 * @module
 */
import type { History, HistoryEntry, HistoryGeneration } from "../state/mod.ts";
import { tableLines } from "./table.ts";

/** The history as a table, and generations without a dance. */
export function historyLines(history: History): string[] {
  if (history.dances.length + history.generations.length === 0) return ["no dances yet"];
  const rows = history.dances.map((one) => [
    one.dance,
    one.started?.slice(0, 19).replace("T", " ") ?? "-",
    one.node ?? "-",
    one.noop === null ? "-" : one.noop ? "noop" : "live",
    one.status,
    one.changes === null ? "-" : String(one.changes),
    generationCell(one, history.generations),
    one.balls.join(" "),
  ]);
  const head = ["dance", "started (UTC)", "node", "mode", "result", "changes", "generation"];
  const known = new Set(history.dances.map(({ generation }) => generation));
  const others = history.generations.filter(({ id }) => !known.has(id));
  return [
    ...tableLines([[...head, "balls"], ...rows], { right: [5] }),
    ...tableLines(others.map(({ id, date, undoes }) => [
      id,
      date.slice(0, 19).replace("T", " "),
      undoes === null ? "generation, its dance is no longer kept" : `undid generation ${undoes}`,
    ])),
  ];
}

function generationCell(
  { generation, kept, undoneBy }: HistoryEntry,
  generations: readonly HistoryGeneration[],
): string {
  if (generation === null) return "-";
  if (undoneBy !== null) return `${generation} (undone)`;
  if (!kept) return `${generation} (gone)`;
  const { owed, unconfirmedUntil } = generations.find(({ id }) => id === generation) ?? {};
  if (unconfirmedUntil !== undefined) return `${generation} (unconfirmed)`;
  return owed === undefined ? generation : `${generation} (${owed} owed)`;
}
