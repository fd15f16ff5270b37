import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, Scene, type ThrowawayHost } from "../host/mod.ts";
import { calls, stub } from "./support.ts";
import { FROM_GIVEN } from "../host/scene.ts";
import { assertUnchanged, stateOf } from "../host/unchanged.ts";

/** A host on which systemd seems to run. */
async function withSystemd(): Promise<ThrowawayHost> {
  const { host } = await newScene();
  host.mkdir("/run/systemd/system");
  stub(host, "/usr/bin/systemctl");
  return host;
}

/** What was asked of stand-ins, without questions. */
function acts(host: ThrowawayHost): string[] {
  return calls(host).filter((line) => !line.startsWith("systemctl show"));
}

function lines({ effects }: { effects: readonly { argv: string[] }[] }): string[] {
  return effects.map(({ argv }) => argv.join(" "));
}

const UNIT = "/etc/systemd/system/web.service";
const WEB = {
  [`files${UNIT}`]: "[Service]\nExecStart=/bin/true\n",
  "scripts/10":
    "[ -e /etc/web.done ] && exit 0; : >/etc/web.done; systemctl enable web; systemctl restart web",
};

describeOnHost("a reaction", () => {
  it("to a unit file is a daemon-reload before the restart, foreseen, once, and not again", async () => {
    await using host = await withSystemd();
    new Scene(host).balls({ web: WEB });
    const before = stateOf(host);
    const dry = await host.disco("dance", "--noop", ...FROM_GIVEN);
    assertEquals(dry.code, 0, dry.stderr);
    assertStringIncludes(dry.stderr, "warning: Would execute: systemctl daemon-reload\n");
    assertStringIncludes(
      dry.stdout,
      `would-run: systemctl daemon-reload [web/reaction:${UNIT}]`,
    );
    await assertUnchanged(host, before);

    const live = await new Scene(host).dance();
    assertEquals(live.code, 0, live.stderr);
    assertEquals(acts(host), ["systemctl daemon-reload", "systemctl restart web"]);
    assertEquals(lines((await new Scene(host).dance()).result), []);

    // A drop-in, and a link that "enable" makes.
    const dropIn = await new Scene(host).ball("a", {
      "files/etc/systemd/system/x.service.d/1.conf": "\n",
    }).dance();
    assertEquals(lines(dropIn.result), ["systemctl daemon-reload"]);
    const wants =
      "mkdir -p /etc/systemd/system/a.wants; ln -sfn ../x /etc/systemd/system/a.wants/x";
    const enabled = await new Scene(host).ball("a", { "scripts/1": wants }).dance();
    assertEquals(lines(enabled.result), ["systemctl daemon-reload"]);
    const removed = await new Scene(host).ball("a", {
      "scripts/1": `rm -rf /etc/systemd/system/x.service.d`,
    }).dance();
    assertEquals(lines(removed.result), ["systemctl daemon-reload"]);

    const undo = await host.disco("rollback");
    assertEquals(undo.code, 0, undo.stderr);
    assertEquals(acts(host).at(-1), "systemctl daemon-reload");
    assertEquals(acts(host).length, 6);
  });

  it("is none where systemd does not run, the root is another one, or nothing is merged", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/systemctl");
    scene.balls({ web: { [`files${UNIT}`]: "[Service]\n" } });
    assertEquals(lines((await scene.dryRun()).result), []);
    host.mkdir("/run/systemd/system");
    const only = await scene.dryRun("--except", UNIT);
    assertEquals(lines(only.result), []);
    const control = await scene.dryRun();
    assertEquals(lines(control.result), ["systemctl daemon-reload"]);
  });

  it("of a ball, of the node and of its parameters is an effect of whoever changed the path", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/tell");
    host.write("/etc/disco/reactions.d/own.conf", "/etc/one tell node {path}\n");
    scene.balls({
      a: { reactions: "/etc/two tell a\n/etc/o* tell both\n" },
      b: {
        "requires": "a",
        "scripts/1": "echo 1 >/etc/one; echo 2 >/etc/two; tell unaware || true",
      },
    });
    host.write(
      "/run/universe/parameters/n/reactions.d/far",
      "/etc/two tell far\n/etc/none tell none\n",
    );
    const { result } = await scene.dance().ok();
    const told = ["tell node /etc/one", "tell far", "tell a", "tell both"];
    assertEquals(lines(result), told);
    assertEquals(result.effects.map(({ ball }) => ball), ["b", "b", "b", "b"]);
    assertEquals(acts(host), told);

    const listed = await scene.disco("reactions", "/etc/one", "--node", "n");
    assertEquals(
      listed.stdout,
      "tell node /etc/one (/etc/disco/reactions.d/own.conf, line 1)\ntell both (a/reactions, line 2)\n",
    );
    const all = await scene.disco("reactions", "--json", "--node", "n");
    const unit = JSON.parse(all.stdout).find(({ glob }: { glob: string }) => glob === "/etc/fstab");
    assertEquals(unit.why, "systemd does not run here");
  });

  it("that fails is owed, and not forgotten when the next dance changes nothing", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/flaky", "[ -e /run/works ]\n");
    const files = { "files/etc/a": "a\n", reactions: "/etc/a flaky\n" };
    const first = await scene.ball("a", files).dance();
    assertEquals([first.code, first.result.owed?.length], [1, 1], first.stderr);
    host.write("/run/works", "");
    await scene.dance().ok();
    assertEquals(calls(host).length, 2);
  });

  for (
    const [what, files, message] of [
      ["a bad line", { reactions: "etc/a x" }, 'Cannot parse "a/reactions", line 1'],
      ["CRLF", { reactions: "/etc/a x\r\n" }, "it ends with a carriage return"],
      [
        "a missing program",
        { reactions: "/etc/a no-such", "files/etc/a": "" },
        "there is no no-such",
      ],
      ["a huge file", { reactions: "/etc/a x\n".repeat(1001) }, "more than 1000 lines"],
    ] as const
  ) {
    it(`is refused before anything is merged: ${what}`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      const before = stateOf(host);
      const { stderr } = await scene.ball("a", files).dance().exits(1);
      assertStringIncludes(stderr, message);
      await assertUnchanged(host, before);
    });
  }

  it("is asked for by a script with --if-changed, and comes in its place", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/tell");
    const files = {
      "files/etc/a": "a\n",
      "scripts/1": `disco-effect --if-changed '/etc/*' /srv/x -- tell a 'b c'
disco-effect --if-changed '/srv/**' -- tell never; disco-effect tell always`,
    };
    const dry = await scene.ball("a", files).dryRun();
    assertEquals(lines(dry.result), ["tell a b c", "tell always"]);
    assertEquals(dry.stderr.match(/Would execute: tell.*/g), [
      "Would execute: tell always",
      "Would execute: tell a 'b c'",
    ]);
    await scene.ball("a", files).dance();
    assertEquals(calls(host), ["tell a b c", "tell always"]);
    assertEquals(lines((await scene.ball("a", files).dance()).result), ["tell always"]);
    await host.run(["ln", "-s", "/etc/conf", "/srv/link"]);
    const linked = await scene.ball("a", {
      "files/etc/conf/b": "b\n",
      "scripts/1": "disco-effect --if-changed '/srv/link/*' -- tell linked",
    }).dryRun();
    assertEquals(lines(linked.result), ["tell linked"]);
    for (const words of ["etc/a -- x", "-- x", "/a x", "/a --"]) {
      const bad = await scene.ball("a", { "scripts/1": `disco-effect --if-changed ${words}` })
        .dance();
      assert(bad.code === 1, words);
    }
  });
});
