import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { differing } from "./support.ts";
import type { BallFiles } from "../host/scene.ts";

const BALLS: Readonly<Record<string, BallFiles>> = {
  a: { "files/etc/a.conf": "a\n", "files/etc/shared.d/a": "a\n" },
  b: { "requires": "after a\n", "files/etc/b.conf": "b\n", "files/srv/b/deep": "b\n" },
};

describeOnHost("a dance that merges a part", () => {
  const cases: Record<string, { options: string[]; paths: string[] }> = {
    "only a path": { options: ["--only", "/etc/a.conf"], paths: ["/etc/a.conf"] },
    "only a ball": { options: ["--only", "b"], paths: ["/etc/b.conf", "/srv/b", "/srv/b/deep"] },
    "all but a ball": {
      options: ["--except", "b"],
      paths: ["/etc/a.conf", "/etc/shared.d", "/etc/shared.d/a"],
    },
    "a ball, but for a path": {
      options: ["--only", "b", "--except", "/srv"],
      paths: ["/etc/b.conf"],
    },
    "nothing": { options: ["--only", "/nowhere"], paths: [] },
  };
  for (const [what, { options, paths }] of Object.entries(cases)) {
    it(`merges ${what}, and the rest later`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      scene.balls(BALLS);
      const before = host.tree(["/var/disco"]);
      const { code, result } = await scene.dance(...options);
      assertEquals([code, result.changes.map(({ path }) => path).sort()], [0, paths]);
      assertEquals(differing(before, host.tree(["/var/disco"])), paths);

      await scene.dance();
      assertEquals(host.read("/etc/a.conf") + host.read("/srv/b/deep"), "a\nb\n");
    });
  }
});

describeOnHost("a word that selects nothing", () => {
  for (const word of ["nosuch", "etc/a.conf"]) {
    it(`is an error, and nothing is merged: ${word}`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      scene.balls(BALLS);
      for (const option of ["--only", "--except"]) {
        const { code, stderr } = await scene.danceInWords(option, word);
        assertEquals([code, stderr.includes(`Cannot select "${word}"`)], [3, true], stderr);
      }
      assertEquals(host.exists("/etc/a.conf"), false);
    });
  }
});

describeOnHost("a dance that wants to be confirmed", () => {
  it("is undone when nobody does, and says so beforehand", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(BALLS);
    const before = host.tree(["/var/disco"]);
    await scene.dance("--confirm", "1s").merges().warns(
      /generation \S+ is undone at .*, unless "disco confirm" is run before/,
    ).ok();
    await until(() => differing(before, host.tree(["/var/disco"])).length === 0);
    assertEquals(differing(before, host.tree(["/var/disco"])), []);
  });

  it("stays when somebody does", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(BALLS);
    await scene.danceInWords("--confirm", "5s").ok();
    await scene.disco("confirm").ok();
    await new Promise((done) => setTimeout(done, 6000));
    assertEquals(host.read("/etc/a.conf"), "a\n");
  });
});

describeOnHost("a path that a ball delivers no more", () => {
  const older: BallFiles = { "files/etc/a/1": "1\n", "files/etc/a/2": "2\n" };

  it("is reported, and stays", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls({ a: older });
    await scene.dance();
    scene.balls({ a: { "files/etc/a/1": "1\n" } });
    const { code, result } = await scene.dance();
    assertEquals([code, result.changes, host.read("/etc/a/2")], [0, [], "2\n"]);
    assertEquals(result.orphans!.map(({ path }) => path), ["/etc/a/2"]);
  });

  it("is removed where the ball's purge names it", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls({ a: older });
    await scene.dance();
    scene.balls({ a: { "files/etc/a/1": "1\n", "purge": "/etc/a/*\n" } });
    const { result } = await scene.dance();
    assertEquals(result.changes.map(({ path, kind }) => [path, kind]), [["/etc/a/2", "deleted"]]);
    assertEquals((await host.exec(["ls", "/etc/a"])).stdout, "1\n");
  });

  it("stays where it was changed by hand", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls({ a: older });
    await scene.dance();
    host.write("/etc/a/2", "mine\n");
    scene.balls({ a: { "files/etc/a/1": "1\n", "purge": "/etc/a/*\n" } });
    const { result } = await scene.dance();
    assertEquals([result.changes, host.read("/etc/a/2")], [[], "mine\n"]);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  for (let i = 0; i < 150 && !isSo(); i++) await new Promise((done) => setTimeout(done, 200));
}
