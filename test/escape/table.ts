/**
 * Prints two tables, from what happened on this machine: what the sandbox stops, and what comes from
 * outside of its walls. With `--by-wall` what each wall stops; with `--outside [PART]` the second table
 * only, or its rows that have PART in their name. Needs root.
 *
 * @module
 */
import { whyNoHost } from "../host/mod.ts";
import { ATTEMPTS, isOpen } from "./attempts.ts";
import { whyNoControl } from "./controls.ts";
import { findEscapes } from "./findings.ts";
import type { Findings, Said } from "./inside.ts";
import { printOutside } from "../outside/table.ts";

const HEAD = ["attempt", "dry run", "live run", "stopped by"];

function rowOf(name: string, findings: Findings): string[] {
  const attempt = ATTEMPTS[name]!;
  const why = whyNoControl(name, findings);
  const shell = isOpen(attempt, "shell") ? "; in the shell it is open" : "";
  return [
    attempt.what,
    word(findings.dry[name]!, false),
    word(findings.live[name]!, isOpen(attempt, "live")),
    `${attempt.by.join(", ")}${shell}${why ? ` (no control: ${why})` : ""}`,
  ];
}

function word({ verdict }: Said, isByDesign: boolean): string {
  if (verdict === "through") return isByDesign ? "open by design" : "**THROUGH**";
  return verdict === "absent" ? "refused" : verdict;
}

/** Who stops what: a line for each wall, with all attempts that it alone stops. */
function wallLines(): string[] {
  const walls = [...new Set(Object.values(ATTEMPTS).flatMap(({ by }) => by))];
  return walls.map((wall) => {
    const stopped = Object.values(ATTEMPTS).filter(({ by }) => (by as string[]).includes(wall));
    return `- **${wall}**: ${stopped.map(({ what }) => what).join("; ")}`;
  });
}

function tableLines(findings: Findings): string[] {
  const rows = Object.keys(ATTEMPTS).map((name) => rowOf(name, findings));
  return [HEAD, HEAD.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

function sum(findings: Findings): string {
  const names = Object.keys(ATTEMPTS);
  const refused = (level: "dry" | "live") =>
    names.filter((name) => findings[level][name]!.verdict !== "through").length;
  const controls = names.filter((name) => whyNoControl(name, findings) === undefined).length;
  return `${names.length} attempts: ${refused("dry")} refused in a dry run, ${
    refused("live")
  } in a live run; ${controls} with a control that gets through`;
}

async function printInside(): Promise<void> {
  const findings = await findEscapes();
  const lines = Deno.args.includes("--by-wall") ? wallLines() : tableLines(findings);
  console.log(lines.join("\n"));
  console.log(`\n${sum(findings)}\n`);
  if (!Deno.args.includes("--by-wall")) await printOutside();
}

if (import.meta.main) {
  const why = whyNoHost();
  if (why) throw new Error(`Cannot try to escape: ${why}`);
  const isOutside = Deno.args[0] === "--outside";
  if (isOutside) await printOutside(Deno.args[1]);
  else await printInside();
}
