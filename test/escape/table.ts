/**
 * Prints the table of attempts, from what happened on this machine. Needs root.
 *
 * @module
 */
import { whyNoHost } from "../host/mod.ts";
import { ATTEMPTS, isOpen } from "./attempts.ts";
import { whyNoControl } from "./controls.ts";
import { findEscapes } from "./findings.ts";
import type { Findings, Said } from "./inside.ts";

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

if (import.meta.main) {
  const why = whyNoHost();
  if (why) throw new Error(`Cannot try to escape: ${why}`);
  const findings = await findEscapes();
  const rows = Object.keys(ATTEMPTS).map((name) => rowOf(name, findings));
  const all = [HEAD, HEAD.map(() => "---"), ...rows];
  console.log(all.map((cells) => `| ${cells.join(" | ")} |`).join("\n"));
}
