import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { printable } from "../../lib/terminal/mod.ts";
import { compareTrees, describeOnHost, type ThrowawayHost, throwawayHost } from "../host/mod.ts";

const UNIVERSE = new URL("../universe", import.meta.url).pathname;

/** A host with a universe of one ball "a", whose one script is given. */
async function hostWith(script: string): Promise<ThrowawayHost> {
  const host = await throwawayHost();
  host.mkdir("/var/disco");
  host.write("/srv/u/parameters/n/modules/a", "");
  host.write("/srv/u/balls/a/scripts/10-do", script);
  return host;
}

interface Named {
  path: string;
  kind: string;
}

const OWN = ["--server", "/srv/u", "--node", "n"];

describeOnHost("a dance of the embedded universe", () => {
  it("shows all and changes nothing when dry, merges, is idempotent, and is undone", async () => {
    await using host = await throwawayHost();
    host.mkdir("/var/disco");
    const before = { tree: host.tree(), mounts: host.mounts() };

    const dry = await host.disco("dance", "--noop", "--detailed-exitcode");
    assertEquals(dry.code, 2, dry.stderr);
    assertStringIncludes(dry.stdout, "/etc/disco-hello/facts.txt: created");
    assertStringIncludes(dry.stderr, "warning: Would execute: echo");
    assertEquals(compareTrees(before.tree, host.tree()), []);
    assertEquals(host.mounts(), before.mounts);

    const live = await host.disco("dance", "--server", "embedded", "--json");
    assertEquals(live.code, 0, live.stderr);
    const result = JSON.parse(live.stdout);
    assertEquals([result.schema, result.merged, result.changes.length], [1, true, 5]);
    assert(host.exists("/etc/disco-hello/settings.conf"));

    const again = await host.disco("dance", "--server", "embedded");
    assertStringIncludes(again.stdout, "success: nothing to change");

    assertEquals((await host.disco("rollback")).code, 0);
    assertEquals(compareTrees(before.tree, host.tree()), []);
    assertEquals(host.mounts(), before.mounts);
  });
});

describeOnHost("a dry run and a live run", () => {
  it("name the same changes, and the live host has just these", async () => {
    await using host = await throwawayHost();
    host.mkdir("/var/disco");
    host.write("/usr/bin/systemctl", '#!/bin/sh\necho "$@" >>/run/calls\n', 0o755);
    const options = ["--server", UNIVERSE, "--node", "stages.example.org", "--json"];
    const dry = JSON.parse((await host.disco("dance", "--noop", ...options)).stdout);
    assert(!host.exists("/run/calls"), "an effect was carried out in a dry run");

    const before = host.tree();
    const live = JSON.parse((await host.disco("dance", ...options)).stdout);
    assertEquals(withoutTimes(dry.changes), withoutTimes(live.changes));
    assert(live.changes.length > 10);

    const changed = compareTrees(before, host.tree())
      .filter((line) => !/: mtime \S+ -> \S+$/.test(line))
      .map((line) => line.replace(/: .*$/s, ""));
    // compareTrees prints names escaped; what lay below a directory that went is not listed.
    const named = new Set(live.changes.map(({ path }: Named) => printable(path)));
    const gone = live.changes.filter(({ kind }: Named) => ["deleted", "replaced"].includes(kind))
      .map(({ path }: Named) => `${printable(path)}/`);
    const isNamed = (path: string) =>
      named.has(path) || gone.some((folder: string) => path.startsWith(folder));
    assertEquals(changed.filter((path) => !isNamed(path) && path !== "/root"), []);

    const calls = host.read("/run/calls").trim().split("\n");
    assertEquals(calls, [...new Set(calls)], "an effect was carried out twice");
    const second = JSON.parse((await host.disco("dance", ...options)).stdout);
    assertEquals([second.ok, second.changes], [true, []]);
  });
});

describeOnHost("a dance that fails", () => {
  for (
    const [node, ...words] of [
      ["broken-script", "ended with exit code"],
      ["broken-signal", "was killed by signal 9 (SIGKILL)"],
      ["broken-timeout", "did not end within 1 s"],
      ["broken-template", "Cannot render template", "line"],
      ["broken-bash-template", "Cannot render template"],
      ["broken-parameter", "cannot be part of a key"],
      ["broken-cycle", " -> "],
      ["broken-missing", "missing"],
      ["broken-requires", "requires", "line"],
      ["broken-self", " -> "],
      ["broken-middle", "ended with exit code"],
      ["broken-owner", "there is no user"],
    ] as const
  ) {
    it(`${node}: says why, and changes nothing`, async () => {
      await using host = await throwawayHost();
      host.write("/etc/disco/client/timeout", "1");
      host.mkdir("/var/disco");
      const before = { tree: host.tree(), mounts: host.mounts(), processes: host.processes() };
      const { code, stderr } = await host.disco("dance", "--server", UNIVERSE, "--node", node);
      assertEquals(code, 1, stderr);
      for (const word of words) assertStringIncludes(stderr, word);
      assertEquals(compareTrees(before.tree, host.tree()), []);
      assertEquals(host.mounts(), before.mounts);
      // What rsync or the sandbox started may need a moment more to be gone.
      assertEquals((await host.settled()).length, before.processes.length);
    });
  }

  it("keeps going where it is told to, and merges what does not depend on the failure", async () => {
    await using host = await hostWith("exit 1\n");
    host.write("/srv/u/parameters/n/modules/b", "");
    host.write("/srv/u/balls/b/files/etc/b", "b\n");
    const { code } = await host.disco("dance", "--keep-going", ...OWN);
    assertEquals([code, host.read("/etc/b")], [1, "b\n"]);
  });

  it("says that there is no server", async () => {
    await using host = await throwawayHost();
    const { code, stderr } = await host.disco("dance", "--server", "rsync://127.0.0.1:1/x");
    assertEquals(code, 1);
    assertStringIncludes(stderr, "127.0.0.1");
  });

  it("says that the scratchpad is full", async () => {
    await using host = await hostWith("head -c 9000000 /dev/zero >/srv/big\n");
    host.write("/etc/disco/client/scratch-size", "2M");
    const { code, stderr } = await host.disco("dance", ...OWN);
    assertEquals([code, host.exists("/srv/big")], [1, false]);
    assertStringIncludes(stderr, "the scratchpad is full");
  });
});

describeOnHost("a dance that is disturbed", () => {
  it("ends at Ctrl-C without a trace, and a second one has to wait", async () => {
    await using host = await hostWith("echo ready; touch /etc/x; sleep 30\n");
    const before = { tree: host.tree(), mounts: host.mounts() };
    const running = host.spawn(host.discoArgv("dance", ...OWN));
    await running.printed(/ready/);
    const second = await host.disco("dance", ...OWN);
    assertEquals(second.code, 4, second.stderr);
    running.kill("SIGINT");
    const { code, stderr } = await running.outcome;
    assertEquals(code, 1);
    assertStringIncludes(stderr, "interrupted");
    assertEquals(compareTrees(before.tree, host.tree()), []);
    assertEquals(host.mounts(), before.mounts);
  });

  it("leaves nothing after a kill, and the next one cleans up", async () => {
    await using host = await hostWith("echo ready; touch /etc/x; [ -e /etc/go ] || sleep 30\n");
    const before = { tree: host.tree(), mounts: host.mounts() };
    const running = host.spawn(host.discoArgv("dance", ...OWN));
    await running.printed(/ready/);
    running.kill("SIGKILL");
    await running.outcome;
    await host.settled();
    assertEquals(compareTrees(before.tree, host.tree()), []);
    assertEquals(host.mounts(), before.mounts);
    host.write("/etc/go", "");
    const { code, stdout } = await host.disco("dance", ...OWN);
    assertEquals([code, host.exists("/etc/x")], [0, true]);
    assertStringIncludes(stdout, "cleaned up");
  });

  it("does not overwrite what somebody else has changed meanwhile", async () => {
    await using host = await hostWith("echo ours >>/etc/theirs; echo ready; sleep 1\n");
    host.write("/etc/theirs", "theirs\n");
    const running = host.spawn(host.discoArgv("dance", ...OWN));
    await running.printed(/ready/);
    host.write("/etc/theirs", "edited\n");
    const { code, stdout } = await running.outcome;
    assertEquals(code, 0);
    assertStringIncludes(stdout, "dancing again");
    assertEquals(host.read("/etc/theirs"), "edited\nours\n");
  });
});

// deno-lint-ignore no-explicit-any
function withoutTimes(changes: any[]): unknown[] {
  const entry = (e: Record<string, unknown> | null) => e && { ...e, mtime: undefined };
  return changes.map((c) => ({ ...c, before: entry(c.before), after: entry(c.after) }));
}
