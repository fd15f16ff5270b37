/**
 * Results whose pages are looked at: what people meet, and what is hard to show.
 *
 * @module
 */
import type { Result } from "../../mod.ts";
import { change, file } from "../changes/entries.ts";
import { exampleResult, step } from "../report/example.ts";
import { SITUATIONS } from "../report/situations.ts";

const LONG = "x".repeat(300);
const HOSTILE = `"'><script>document.title = "owned"</script><b onclick='x'>\u202e\x1b[31m`;

/** A failed package install, with all that it printed. */
const FAILURE = exampleResult({
  merged: false,
  generation: null,
  universe: "rsync://universe.example.org:8730/universe",
  error: null,
  balls: [
    { name: "base", status: "ok", changes: 2, error: null },
    {
      name: "web",
      status: "failed",
      changes: 0,
      error: 'Cannot apply ball "web": scripts/10-packages ended with exit code 100',
      output: [
        "(1203 more lines before)",
        ...Array.from({ length: 38 }, (_, i) => `Get:${i} http://deb.example.org/debian ${LONG}`),
        "E: Unable to locate package nginx-extra",
      ],
    },
    { name: "mail", status: "skipped", changes: 0, error: "the dance stopped" },
  ],
  checks: [{
    argv: ["/bin/sh", "-c", `mkdir -p /run/sshd; exec sshd -t ${LONG}`],
    path: "/etc/ssh/sshd_config",
    ball: "base",
    status: "failed",
    error: "the check ended with exit code 255",
    output: ["/etc/ssh/sshd_config: line 3: Bad configuration option: Prot"],
  }],
  effects: [{
    ball: "base",
    script: "scripts/10",
    argv: ["systemctl", "restart", "nginx", LONG],
    status: "failed",
    error: "ended with exit code 1",
    output: ["Job for nginx.service failed."],
  }],
});

const NAMED = exampleResult({
  node: HOSTILE,
  error: HOSTILE,
  balls: [{ name: HOSTILE, status: "failed", changes: 1, error: HOSTILE, output: [HOSTILE] }],
  changes: [
    change("created", null, file({ owner: HOSTILE }), {
      path: `/etc/${HOSTILE}`,
      balls: [HOSTILE],
      diff: `+${HOSTILE}\n`,
    }),
    change("created", null, file(), { path: `/srv/${LONG}`, balls: ["a".repeat(100)] }),
  ],
  effects: [{
    ball: HOSTILE,
    script: LONG,
    argv: [HOSTILE, LONG],
    status: "failed",
    error: HOSTILE,
  }],
  notSimulated: [{ ball: HOSTILE, script: LONG, kind: "network", what: LONG }],
  metrics: [step(HOSTILE, "exec-run", LONG, 1), step(LONG, "exec-run", HOSTILE, 12345678)],
});

/** By what they show. */
export const PAGES: Readonly<Record<string, Result>> = {
  ...SITUATIONS,
  "a dance of two balls": exampleResult({ universe: "/srv/universe" }),
  "a long failure": FAILURE,
  "hostile and long names": NAMED,
};
