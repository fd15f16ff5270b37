import { assert } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, Scene } from "../host/mod.ts";
import { attackedHost } from "./scene.ts";
import type { BallFiles } from "../host/scene.ts";

/** What keeps DISCO or its helpers busy for longer than anybody waits, and what shows that it does. */
const BUSY: Readonly<Record<string, { files: BallFiles; until: RegExp }>> = {
  "a script that never ends": { files: { "scripts/10": "echo busy; sleep 600" }, until: /busy/ },
  "a script that ignores signals": {
    files: { "scripts/10": "trap '' INT TERM HUP; echo busy; while :; do sleep 1; done" },
    until: /busy/,
  },
  "a template that never ends": {
    files: { "templates/etc/t.eta": "<% for (;;) {} %>" },
    until: /plan/,
  },
  "output without end": { files: { "scripts/10": "echo busy; yes" }, until: /busy/ },
  "a line without end": { files: { "scripts/10": "echo busy; cat /dev/zero" }, until: /busy/ },
  "a file of 8 TB": {
    files: { "scripts/10": "truncate -s 8T /srv/huge; echo busy" },
    until: /busy/,
  },
  "a line of modprobe with 16,000 letters": {
    files: {
      "scripts/10":
        "echo busy\nprintf 'modprobe: ERROR%s\\n' $(head -c 16000 /dev/zero | tr '\\0' a) >&2; sleep 600",
    },
    until: /busy/,
  },
  "a glob with many stars": {
    files: {
      permissions: `0600 root root /${"**a".repeat(12)}b\n`,
      "files/srv/x": "x",
      "scripts/10": `mkdir -p /srv/${"a".repeat(120)}/${"a".repeat(120)}; echo busy`,
    },
    until: /busy/,
  },
};

describeOnHost("Ctrl-C ends a dance, whatever happens", () => {
  for (const [what, { files, until }] of Object.entries(BUSY)) {
    it(what, async () => {
      await using host = await attackedHost();
      const start = (args: readonly string[]) =>
        host.spawn(host.discoArgv(...args), { timeout: 40_000 });
      const { signal } = await new Scene(host, { start }).ball("a", files).danceInWords("--noop")
        .meanwhile(until, async (running) => {
          await new Promise((done) => setTimeout(done, 500));
          await running.kill("SIGINT").catch(() => {});
        })
        .omits(/^\s+at .*:\d+:\d+/m).leavesNothing();
      assert(signal !== "SIGKILL", "it did not end");
    });
  }
});
