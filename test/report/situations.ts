/**
 * Outcomes of dances as people meet them.
 *
 * @module
 */
import type { Change, Result } from "../../mod.ts";
import { change, file } from "../changes/entries.ts";
import { exampleResult, step } from "./example.ts";

function result(fields: Partial<Result>): Result {
  const noop = fields.noop ?? false;
  const merged = fields.merged ?? (!noop && fields.ok !== false);
  return exampleResult({
    ok: true,
    merged,
    generation: merged ? "20261122T235959Z-0a1b2c" : null,
    balls: [{ name: "web", status: "ok", changes: fields.changes?.length ?? 0, error: null }],
    changes: [],
    effects: [],
    notSimulated: [],
    metrics: [step("web", "exec-run", "scripts/10", 0.25, { start: 0.5 })],
    ...fields,
  });
}

function created(path: string, fields: Partial<Change> = {}): Change {
  return change("created", null, file({ size: 3 }), { path, balls: ["web"], ...fields });
}

function modified(path: string, lines: number, fields: Partial<Change> = {}): Change {
  const added = Array.from({ length: lines }, (_, i) => `+line ${i + 1}\n`).join("");
  const diff = `--- a${path}\n+++ b${path}\n@@ -1 +1,${lines} @@\n old\n${added}`;
  const [before, after] = [file({ size: 3, sha256: "0" }), file({ size: 9, sha256: "1" })];
  return change("modified", before, after, { path, balls: ["web"], diff, ...fields });
}

const many = (count: number, one: (i: number) => Change) =>
  Array.from({ length: count }, (_, i) => one(i));

function bySortedPath(changes: Change[]): Change[] {
  return changes.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** A package with its files, and what dpkg keeps of it. */
function installed(name: string, count: number): Change[] {
  return [
    ...many(count, (i) => created(`/usr/share/${name}/${i}`, { package: name, diff: "+x\n" })),
    created(`/var/lib/dpkg/info/${name}.list`, { package: name, diff: "+x\n" }),
  ];
}

const RESTART = ["systemctl", "restart", "nginx"];

/** By their names; these are the names of the golden texts, too. */
export const SITUATIONS: Readonly<Record<string, Result>> = {
  "nothing to do": result({ merged: false }),
  "three small changes": result({
    noop: true,
    changes: [
      modified("/etc/motd", 2),
      change("attributes", file(), file({ mode: "0600" }), { path: "/etc/site", balls: ["web"] }),
      modified("/etc/sudoers", 1, { critical: true }),
    ],
    effects: [{ ball: "web", script: "scripts/10", argv: RESTART, status: "would-run" }],
  }),
  "a package install": result({
    changes: bySortedPath([
      ...installed("nginx", 150),
      ...installed("nginx-common", 120),
      modified("/etc/nginx/site.conf", 120),
      modified("/var/lib/dpkg/status", 500),
      ...many(60, (i) => created(`/var/lib/nginx/cache/${i}`)),
    ]),
    effects: [{ ball: "web", script: "scripts/10", argv: RESTART, status: "done" }],
  }),
  "3,000 files": result({
    changes: bySortedPath([
      ...many(3000, (i) => created(`/srv/site/${i % 30}/${i}`, { diff: "+x\n" })),
      modified("/etc/site.conf", 3),
    ]),
  }),
  "a failure in the middle": result({
    ok: false,
    merged: false,
    balls: [
      { name: "base", status: "ok", changes: 0, error: null },
      {
        name: "web",
        status: "failed",
        changes: 0,
        error: "scripts/10 ended with 3",
        output: ["(1203 more lines before)", "E:\tUnable to locate package nginx-extra"],
      },
      { name: "mail", status: "skipped", changes: 0, error: "the dance stopped" },
    ],
  }),
  "owed and orphans": result({
    ok: false,
    merged: true,
    changes: [modified("/etc/motd", 1)],
    effects: [
      { ball: "web", script: "scripts/10", argv: RESTART, status: "failed", error: "ended with 1" },
      { ball: "web", script: "scripts/10", argv: ["true"], status: "done" },
    ],
    owed: [{
      id: "20261122T235959Z-0a1b2c-0",
      ball: "web",
      script: "scripts/10",
      argv: RESTART,
      since: "2026-11-22T23:59:59.000Z",
      tried: 1,
      error: "ended with 1",
      held: false,
    }],
    orphans: Array.from({ length: 3000 }, (_, i) => ({
      ball: "old",
      path: `/srv/old/${i}`,
      status: "kept" as const,
    })),
  }),
};
