import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { calls, stub } from "./support.ts";

/** What was asked of stand-ins, without questions. */
function acts(host: ThrowawayHost): string[] {
  return calls(host).filter((line) => !line.startsWith("systemctl show"));
}

const UNIT = "/etc/systemd/system/web.service";
const WEB = {
  [`files${UNIT}`]: "[Service]\nExecStart=/bin/true\n",
  "scripts/10":
    "[ -e /etc/web.done ] && exit 0; : >/etc/web.done; systemctl enable web; systemctl restart web",
};

describeOnHost("a reaction", () => {
  it("to a unit file is a daemon-reload before the restart, foreseen, once, and not again", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.mkdir("/run/systemd/system");
    stub(host, "/usr/bin/systemctl");
    await scene.ball("web", WEB).danceInWords("--noop")
      .warns("warning: Would execute: systemctl daemon-reload\n")
      .says(`would-run: systemctl daemon-reload [web/reaction:${UNIT}]`).untouched().ok();

    await scene.dance().ok();
    assertEquals(acts(host), ["systemctl daemon-reload", "systemctl restart web"]);
    await scene.dance().effects();

    // A drop-in, and a link that "enable" makes.
    await scene.balls({ a: { "files/etc/systemd/system/x.service.d/1.conf": "\n" } }).dance()
      .effects("systemctl daemon-reload");
    const wants =
      "mkdir -p /etc/systemd/system/a.wants; ln -sfn ../x /etc/systemd/system/a.wants/x";
    await scene.ball("a", wants).dance().effects("systemctl daemon-reload");
    await scene.ball("a", "rm -rf /etc/systemd/system/x.service.d").dance()
      .effects("systemctl daemon-reload");

    await scene.rollback().ok();
    assertEquals(acts(host).at(-1), "systemctl daemon-reload");
    assertEquals(acts(host).length, 6);
  });

  it("is none where systemd does not run, the root is another one, or nothing is merged", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/systemctl");
    await scene.ball("web", { [`files${UNIT}`]: "[Service]\n" }).dryRun().effects();
    host.mkdir("/run/systemd/system");
    await scene.dryRun("--except", UNIT).effects();
    await scene.dryRun().effects("systemctl daemon-reload");
  });

  it("of a ball, of the node and of its parameters is an effect of whoever changed the path", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/tell");
    scene.live({ "/etc/disco/reactions.d/own.conf": "/etc/one tell node {path}\n" })
      .parameters({ "reactions.d/far": "/etc/two tell far\n/etc/none tell none\n" })
      .ball("a", { reactions: "/etc/two tell a\n/etc/o* tell both\n" })
      .ball("b", {
        "requires": "a",
        "scripts/1": "echo 1 >/etc/one; echo 2 >/etc/two; tell unaware || true",
      });
    const told = ["tell node /etc/one", "tell far", "tell a", "tell both"];
    const { result } = await scene.dance().effects(...told).ok();
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
    const first = await scene.ball("a", files).dance().fails();
    assertEquals(first.result.owed?.length, 1);
    await scene.live({ "/run/works": "" }).dance().ok();
    assertEquals(calls(host).length, 2);
  });

  it("that names a file which an undo takes away does not follow the undo", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/tell");
    stub(host, "/usr/local/bin/service-of");
    await scene.live({ "/etc/app.d/old.conf": "old\n" }).ball("a", {
      "files/etc/app.d/new.conf": "new\n",
      "files/etc/app.d/old.conf": "changed\n",
      reactions: "/etc/app.d/*.conf tell {names}\n/etc/app.d/new.conf service-of app\n",
    }).dance().ok();
    const before = ["tell new.conf old.conf", "service-of app"];
    assertEquals(calls(host).toSorted(), before.toSorted());
    const { stdout, stderr } = await scene.disco("rollback").ok();
    // The control: what names no such file follows.
    assertEquals(calls(host).toSorted(), [...before, "service-of app"].toSorted());
    const said = stdout + stderr;
    assert(said.includes("not taken back: tell new.conf old.conf"), said);
    await scene.disco("owed").says("nothing is owed").ok();
  });

  it("to a new file of tmpfiles.d is none once the undo has taken that away", async () => {
    await using scene = await newScene();
    await scene.ball("a", { "files/etc/tmpfiles.d/x.conf": "d /srv/made 0755\n" })
      .dance().effects("systemd-tmpfiles --create x.conf").ok();
    await scene.rollback().ok();
    await scene.disco("owed").says("nothing is owed").ok();
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
      await scene.ball("a", files).dance().fails(message).untouched();
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
    const dry = await scene.ball("a", files).dryRun().effects("tell a b c", "tell always");
    assertEquals(dry.stderr.match(/Would execute: tell.*/g), [
      "Would execute: tell always",
      "Would execute: tell a 'b c'",
    ]);
    await scene.dance();
    assertEquals(calls(host), ["tell a b c", "tell always"]);
    await scene.dance().effects("tell always");
    await host.run(["ln", "-s", "/etc/conf", "/srv/link"]);
    await scene.ball("a", {
      "files/etc/conf/b": "b\n",
      "scripts/1": "disco-effect --if-changed '/srv/link/*' -- tell linked",
    }).dryRun().effects("tell linked");
    for (const words of ["etc/a -- x", "-- x", "/a x", "/a --"]) {
      await scene.ball("a", `disco-effect --if-changed ${words}`).dance().fails();
    }
  });
});
