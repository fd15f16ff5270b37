import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";

/** What a ball does to what is not merged. */
const TOUCHES: Readonly<Record<string, string>> = {
  "a file": "echo x >/run/lock/x",
  "a file that is gone again": "echo x >/tmp/x; rm /tmp/x",
  "a link": "ln -s /etc /dev/shm/x",
  "another mode": "chmod 700 /run/lock",
  "a mode that is as before": "chmod 700 /run/lock; chmod 1777 /run/lock",
  "another name of a directory": "mkdir /run/lock/x; mv /run/lock/x /tmp/x",
  "a directory that is gone": "rmdir /run/lock",
  "an attribute": "setfattr -n user.note -v x /tmp",
};

/** Prints what can be seen of the places, and the inodes of their directories. */
const LOOK = "stat -c '%n %a %i' /run/lock /tmp /dev/shm; find /run/lock /tmp /dev/shm | wc -l; " +
  "getfattr --absolute-names /tmp";

/** What each ball of a chain sees; the first one does something after it has looked. */
async function looks(scene: Scene, first: string, names = ["a", "b"]): Promise<string[][]> {
  for (const [i, name] of names.entries()) {
    const requires = i === 0 ? "" : `after ${names[i - 1]}\n`;
    scene.ball(name, { "scripts/1": i === 0 ? `${LOOK}; ${first}` : LOOK, requires });
  }
  const { stdout } = await scene.danceInWords().ok();
  const said = (ball: string) =>
    stdout.split("\n").filter((line) => line.startsWith(`info: ${ball}/1: `))
      .map((line) => line.slice(`info: ${ball}/1: `.length));
  return names.map(said);
}

describeOnHost("/run, /tmp and /dev/shm", () => {
  it("are the same for the next ball where a script has touched nothing", async () => {
    await using scene = await newScene();
    const seen = await looks(scene, "cat /etc/passwd >/dev/null", ["a", "b", "c", "d", "e", "f"]);
    assertEquals(seen[0]!.length, 4);
    // Not where the clock of the kernel has not gone on before a script began.
    assert(seen.some((look, i) => i > 0 && `${look}` === `${seen[i - 1]}`), "all were laid anew");
  });

  for (const [what, script] of Object.entries(TOUCHES)) {
    it(`are new for the next ball where a script has left ${what}`, async () => {
      await using scene = await newScene();
      const [a, b] = await looks(scene, script);
      const withoutInodes = (lines: string[]) => lines.map((line) => line.replace(/ \d+$/, ""));
      assert(`${b}` !== `${a}`, "nothing was laid anew");
      assertEquals(withoutInodes(b!), withoutInodes(a!));
    });
  }
});
