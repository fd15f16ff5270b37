import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";

const FILE = "/etc/resolv2";
/** Ways to take away a flag that is there, with what is to follow. */
const LIFTED: Readonly<Record<string, string>> = {
  "a script that goes on": `chattr -i ${FILE} || true\necho new >${FILE}\nchattr +i ${FILE}`,
  "a script that hides it": `chattr -i ${FILE} 2>/dev/null; echo new >${FILE}; true`,
  "by its path": `/usr/bin/chattr -i ${FILE}; echo new >${FILE}; true`,
  "several flags": `chattr -ia ${FILE}; echo new >${FILE}; true`,
  "a folder": "chattr -R -i /srv/lock; echo new >/srv/lock/f; true",
};

describeOnHost("a flag that chattr takes away", () => {
  it("fails the ball where a file has it, dry and live", async () => {
    await using scene = await sceneWithFlags();
    for (const script of Object.values(LIFTED)) {
      for (const noop of [["--noop"], []]) {
        await scene.ball("a", script).dance(...noop).leaves({ [FILE]: "old\n" }).fails(
          "went on after a command was refused: chattr -",
          "take it away and change the file in post/",
        );
      }
    }
  });

  it("is nothing to do where no file has it", async () => {
    await using scene = await sceneWithFlags();
    const script = "chattr -i /etc/plain; chattr -R -ia /srv/plain; echo new >/etc/plain\n" +
      "chattr -i /etc/nothing && exit 3; echo x >/etc/nothing";
    await scene.ball("a", script).dance().leaves({ "/etc/plain": "new\n" }).effects().ok();
  });

  it("is set, or taken away on purpose, after the merge", async () => {
    await using scene = await sceneWithFlags();
    const script = `chattr +i /etc/plain; disco-effect chattr -i ${FILE}`;
    await scene.ball("a", script).dance().ok();
    const flags = await scene.sh(`lsattr /etc/plain ${FILE}`);
    assertEquals(flags.split("\n").map((line) => /^\S*i/.test(line)), [true, false, false]);
    await scene.sh("chattr -i /etc/plain");
  });
});

async function sceneWithFlags(): Promise<Scene> {
  const scene = await newScene({ root: "ext4" });
  const files = [FILE, "/srv/lock/f", "/etc/plain", "/srv/plain/f"];
  scene.live(Object.fromEntries(files.map((path) => [path, "old\n"])));
  await scene.sh(`chattr +i ${FILE} /srv/lock/f`);
  return scene;
}
