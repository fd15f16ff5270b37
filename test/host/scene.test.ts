import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { it } from "@std/testing/bdd";
import { AS_USER, describeOnHost, newScene, type Scene } from "./mod.ts";
import { FROM_GIVEN } from "./scene.ts";

/** Makes a file, appends to another one again and again, prints, and asks for an effect. */
const BUSY = {
  "files/etc/new": "new\n",
  "scripts/do": "echo more >>/etc/old; echo loud; disco-effect touch /run/effect",
};
const LIAR = '[ -z "$NOOP" ] || touch /etc/liar';
/** The union shows what is written to a file that was there before. */
const WAITING = 'echo ready; until [ "$(cat /etc/gate)" = open ]; do sleep 0.02; done';
const CHANGES = ["+ /etc/new", "~ /etc/old"];

/** A sentence about what is run. */
type Sentence = (scene: Scene) => PromiseLike<unknown>;

/** For every word a sentence that is true, and its control, which is not. */
const WORDS: Readonly<Record<string, readonly [isSo: Sentence, isNot: Sentence]>> = {
  "ok": [(s) => s.dance().ok(), (s) => s.ball("bad", "exit 1").dance().ok()],
  "ok, of anything": [
    (s) => s.disco("history").ok(),
    (s) => s.disco("history", "--no-such-option").ok(),
  ],
  "ok, of a check": [(s) => s.check("calm").ok(), (s) => s.check("busy").ok()],
  "exits": [(s) => s.dryRun("--detailed-exitcode").exits(2), (s) => s.dryRun().exits(2)],
  "exits, by a signal": [
    (s) => s.program("sh", "-c", "exit 9").exits(9),
    (s) => s.program("sh", "-c", "kill -9 $$").exits(137),
  ],
  "fails": [
    (s) => s.ball("bad", "exit 1").dance().fails("Cannot apply", /ball "bad"/),
    (s) => s.dance().fails(),
  ],
  "fails, with other words": [
    (s) => s.ball("bad", "exit 1").dance().fails("bad"),
    (s) => s.ball("bad", "exit 1").dance().fails("bad", "good"),
  ],
  "says": [
    (s) => s.danceInWords().says("success", /: lou.$/m),
    (s) => s.danceInWords().says("success", "quiet"),
  ],
  "warns": [
    (s) => s.danceInWords("--noop").warns("Would execute: touch"),
    (s) => s.danceInWords("--noop").warns("success"),
  ],
  "prints": [
    (s) => s.danceInWords("--noop").prints("Would execute: touch", /: lou.$/m),
    (s) => s.danceInWords("--noop").prints("Would execute: touch", "quiet"),
  ],
  "omits": [
    (s) => s.danceInWords("--noop").omits("quiet"),
    (s) => s.danceInWords("--noop").omits("quiet", /Would execute/),
  ],
  "leaves": [
    (s) => s.dance().leaves({ "/etc/new": "new\n", "/etc/none": null }),
    (s) => s.dryRun().leaves({ "/etc/new": "new\n" }),
  ],
  "leaves, nothing": [
    (s) => s.dryRun().leaves({ "/etc/new": null }),
    (s) => s.dance().leaves({ "/etc/new": null }),
  ],
  "untouched": [(s) => s.dryRun().untouched(), (s) => s.dance().untouched()],
  "untouched, with what is DISCO's own": [
    (s) => s.program("true").untouched([]),
    (s) => s.dryRun().untouched([]),
  ],
  "untouched, by mounts": [
    (s) => s.program("true").untouched(),
    (s) => s.program("mount", "-t", "tmpfs", "none", "/mnt").untouched(),
  ],
  "leavesNothing": [
    (s) => s.dance().leavesNothing(),
    (s) => s.program("sh", "-c", "sleep 30 >/dev/null 2>&1 &").leavesNothing(),
  ],
  "meanwhile": [
    (s) =>
      s.live({ "/etc/gate": "" }).ball("wait", WAITING).danceInWords()
        .meanwhile(/ready/, () => s.live({ "/etc/gate": "open" })).ok(),
    (s) => s.danceInWords().meanwhile(/never printed/, () => {}),
  ],
  "changes": [(s) => s.dance().changes(...CHANGES), (s) => s.dance().changes(CHANGES[0]!)],
  "changes, by kind": [
    (s) =>
      s.ball("a", "chmod 600 /etc/old").balls({ a: "chmod 600 /etc/old" }).dance()
        .changes("@ /etc/old"),
    (s) => s.dance().changes("+ /etc/new", "+ /etc/old"),
  ],
  "changes, none": [(s) => s.balls({ calm: "true" }).dance().changes(), (s) => s.dance().changes()],
  "from": [
    (s) => otherUniverse(s).from("--server", "/run/other", "--node", "o").dryRun().changes("+ /o"),
    (s) => otherUniverse(s).dryRun().changes("+ /o"),
  ],
  "with": [
    (s) => s.with({ own: ["/var/disco", "/etc"] }).dance().untouched(),
    (s) => s.with({ own: ["/var/disco"] }).dance().untouched(),
  ],
  "merges": [(s) => s.dance().merges(), (s) => s.dryRun().merges()],
  "mergesNothing": [(s) => s.dryRun().mergesNothing(), (s) => s.dance().mergesNothing()],
  "effects": [(s) => s.dryRun().effects("touch /run/effect"), (s) => s.dryRun().effects()],
  "balls": [
    (s) =>
      s.ball("bad", "exit 1").dance().balls({ bad: "failed", busy: "skipped", calm: "skipped" }),
    (s) => s.dance().balls({ busy: "ok" }),
  ],
  "gaps": [(s) => s.dryRun().gaps("touch /run/effect"), (s) => s.dryRun().gaps()],
  "gaps, with other words": [(s) => s.dryRun().gaps(/touch/), (s) => s.dryRun().gaps("rm")],
  "finds": [
    (s) => s.check("busy").finds({ idempotent: false, predictable: true }),
    (s) => s.check("busy").finds({ idempotent: true }),
  ],
  "changes, of a check": [
    (s) => s.check("busy").changes(...CHANGES),
    (s) => s.check("busy").changes("+ /etc/new"),
  ],
  "again": [(s) => s.check("busy").again("~ /etc/old"), (s) => s.check("busy").again()],
  "surprises": [
    (s) => s.ball("liar", LIAR).check("liar").surprises("/etc/liar"),
    (s) => s.ball("liar", LIAR).check("liar").surprises(),
  ],
};

/** A host with a ball that does much, and one that does nothing. */
async function busyScene(): Promise<Scene> {
  const scene = await newScene();
  return scene.live({ "/etc/old": "old\n" }).ball("busy", BUSY).ball("calm", "true");
}

/** A universe beside the scene's own. */
function otherUniverse(scene: Scene): Scene {
  const other = "/run/other";
  return scene.live({ [`${other}/parameters/o/modules/b`]: "", [`${other}/balls/b/files/o`]: "" });
}

describeOnHost("a word of the scene", () => {
  for (const [word, [isSo, isNot]] of Object.entries(WORDS)) {
    it(`holds where it is so, and only there: ${word}`, async () => {
      await using scene = await busyScene();
      await isSo(scene);
      await using other = await busyScene();
      const { name, message } = await assertRejects(async () => await isNot(other), Error);
      // What keeps the sentence from being said at all would be another error.
      assert(name === "AssertionError" || message.includes("ended without printing"), message);
    });
  }
});

describeOnHost("a scene", () => {
  it("says what was run and printed when something is not so", async () => {
    await using scene = await busyScene();
    scene.ball("last", "touch /etc/last");
    const error = await assertRejects(async () => await scene.danceInWords().exits(2), Error);
    assertEquals(error.name, "AssertionError");
    assertStringIncludes(error.message, 'with ball "last" of "touch /etc/last"');
    assertStringIncludes(error.message, "info: busy/do: loud");
  });

  it("runs an act when it is awaited, once, and takes no word after that", async () => {
    await using scene = await busyScene();
    const act = scene.dance();
    assert(!scene.host.exists("/etc/new"));
    const { result } = await act.ok();
    assertEquals((await act).result.dance, result.dance);
    assertThrows(() => act.ok(), TypeError, "it was run");
    assertThrows(() => act.meanwhile(/loud/, () => {}), TypeError, "Cannot disturb");
  });

  it("fails in the end where an act was not awaited", async () => {
    for (const from of [FROM_GIVEN, []]) {
      const scene = await newScene();
      scene.from(...from).dance().ok();
      await assertRejects(
        async () => await scene[Symbol.asyncDispose](),
        TypeError,
        "never been run",
      );
    }
  });

  it("gives a universe, parameters, settings and files, and takes them away", async () => {
    await using scene = await newScene();
    scene.live({ "/etc/gone": "", "/etc/kept": "kept\n" }).live({ "/etc/gone": null })
      .parameters({ "a/key": "value\n" }).settings({ timeout: "1" })
      .ball("a", { "files/etc/first": "" })
      .ball("a", { "templates/etc/a.eta": "<%= it.param('a/key') %>\n" })
      .ball("slow", "sleep 30");
    await scene.dance("--keep-going").changes("+ /etc/a").exits(1).balls({
      a: "ok",
      slow: "failed",
    })
      .leaves({ "/etc/a": "value\n", "/etc/gone": null, "/etc/kept": "kept\n" });
    await scene.balls({ b: "touch /etc/b" }).dance().changes("+ /etc/b").balls({ b: "ok" }).ok();
    await scene.rollback().leaves({ "/etc/b": null, "/etc/a": "value\n" }).ok();
  });

  it("runs a line beside something, as a user, and no longer", async () => {
    await using scene = await newScene();
    await scene.sh("install -d -o 1000 /srv/u");
    const size = () => scene.host.lstat("/srv/u/log")!.size;
    await scene.beside("id -u >>log", () => scene.sh("until [ -s /srv/u/log ]; do :; done"), [
      ...AS_USER,
      ...["env", "-C", "/srv/u"],
    ]);
    assertEquals(scene.host.read("/srv/u/log").split("\n")[0], "1000");
    const before = size();
    await scene.sh("sleep 0.1");
    assertEquals(size(), before);
  });
});
