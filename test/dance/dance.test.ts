import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { printable } from "../../lib/terminal/mod.ts";
import { compareTrees, describeOnHost, newScene, Scene } from "../host/mod.ts";
import { changesOf, UNIVERSE } from "./support.ts";

describeOnHost("a dance of the embedded universe", () => {
  it("shows all and changes nothing when dry, merges, is idempotent, and is undone", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const before = { tree: host.tree(), mounts: host.mounts() };

    await scene.disco("dance", "--noop", "--detailed-exitcode").exits(2).untouched()
      .says("/etc/disco-hello/facts.txt: created").warns("warning: Would execute: echo");

    const live = await scene.disco("dance", "--server", "embedded", "--json").ok();
    const result = JSON.parse(live.stdout);
    assertEquals([result.schema, result.merged, result.changes.length], [1, true, 5]);
    assert(host.exists("/etc/disco-hello/settings.conf"));

    await scene.disco("dance", "--server", "embedded").says("success: nothing to change");

    await scene.rollback().ok();
    assertEquals(compareTrees(before.tree, host.tree()), []);
    assertEquals(host.mounts(), before.mounts);
  });
});

describeOnHost("a dry run and a live run", () => {
  it("name the same changes, and the live host has just these", async () => {
    await using empty = await newScene();
    const { host } = empty;
    host.write("/usr/bin/systemctl", '#!/bin/sh\necho "$@" >>/run/calls\n', 0o755);
    const scene = new Scene(host, { from: ["--server", UNIVERSE, "--node", "stages.example.org"] });
    const { result: dry } = await scene.dryRun();
    assert(!host.exists("/run/calls"), "an effect was carried out in a dry run");

    const before = host.tree();
    const { result: live } = await scene.dance();
    assertEquals(changesOf(dry), changesOf(live));
    assert(live.changes.length > 10);

    const changed = compareTrees(before, host.tree())
      .filter((line) => !/: mtime \S+ -> \S+$/.test(line))
      .map((line) => line.replace(/: .*$/s, ""));
    // compareTrees prints names escaped; what lay below a directory that went is not listed.
    const named = new Set(live.changes.map(({ path }) => printable(path)));
    const gone = live.changes.filter(({ kind }) => ["deleted", "replaced"].includes(kind))
      .map(({ path }) => `${printable(path)}/`);
    const isNamed = (path: string) =>
      named.has(path) || gone.some((folder: string) => path.startsWith(folder));
    assertEquals(changed.filter((path) => !isNamed(path) && path !== "/root"), []);

    const calls = host.read("/run/calls").trim().split("\n");
    assertEquals(calls, [...new Set(calls)], "an effect was carried out twice");
    await scene.dance().changes().ok();
  });
});

describeOnHost("a dance that fails", () => {
  for (
    const [node, word, ...words] of [
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
      await using scene = (await newScene()).settings({ timeout: "1" });
      await scene.disco("dance", "--server", UNIVERSE, "--node", node)
        .fails(word, ...words).untouched();
    });
  }

  it("keeps going where it is told to, and merges what does not depend on the failure", async () => {
    await using scene = (await newScene()).ball("a", "exit 1\n")
      .ball("b", { "files/etc/b": "b\n" });
    await scene.dance("--keep-going").exits(1).leaves({ "/etc/b": "b\n" });
  });

  it("says that there is no server", async () => {
    await using scene = await newScene();
    await scene.disco("dance", "--server", "rsync://127.0.0.1:1/x").fails("127.0.0.1");
  });

  it("says that the scratchpad is full", async () => {
    await using scene = (await newScene()).settings({ "scratch-size": "2M" })
      .ball("a", "head -c 9000000 /dev/zero >/srv/big\n");
    await scene.dance().fails("the scratchpad is full").leaves({ "/srv/big": null });
  });
});

describeOnHost("a dance that is disturbed", () => {
  it("ends at Ctrl-C without a trace, and a second one has to wait", async () => {
    await using scene = (await newScene()).ball("a", "echo ready; touch /etc/x; sleep 30\n");
    await scene.danceInWords().fails("interrupted").untouched()
      .meanwhile(/ready/, async (running) => {
        await scene.danceInWords().exits(4);
        await running.kill("SIGINT");
      });
  });

  it("leaves nothing after a kill, and the next one cleans up", async () => {
    await using scene = (await newScene())
      .ball("a", "echo ready; touch /etc/x; [ -e /etc/go ] || sleep 30\n");
    const { host } = scene;
    const before = { tree: host.tree(), mounts: host.mounts() };
    await scene.danceInWords().meanwhile(/ready/, (running) => running.kill("SIGKILL"));
    assertEquals(compareTrees(before.tree, host.tree()), []);
    assertEquals(host.mounts(), before.mounts);
    scene.live({ "/etc/go": "" });
    await scene.danceInWords().says("cleaned up").leaves({ "/etc/x": "" }).ok();
  });

  it("does not overwrite what somebody else has changed meanwhile", async () => {
    await using scene = (await newScene()).live({ "/etc/theirs": "theirs\n" })
      .ball("a", "echo ours >>/etc/theirs; echo ready; sleep 1\n");
    await scene.danceInWords().says("dancing again").leaves({ "/etc/theirs": "edited\nours\n" })
      .meanwhile(/ready/, () => scene.live({ "/etc/theirs": "edited\n" })).ok();
  });
});
