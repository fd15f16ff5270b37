import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { describeTree } from "../transaction/support.ts";

/** Symbolic links and what else a script can give names to, with one name and with several. */
const FIXTURE =
  "mkdir -p /srv/w/d /srv/w/e /srv/w/pair; cd /srv/w; ln -s t d/l; ln -s c c; echo f >f; " +
  "ln -s t e/one; ln e/one two; ln -s p pair/a; ln pair/a pair/b; mkfifo p q; ln q q2; mknod n c 1 3; " +
  "find . -exec touch -h -d 2020-01-01 {} +";

const SCRIPTS: readonly string[] = [
  "ln d/l hard",
  "ln -s new hard; ln hard hard2",
  "ln d/l hard; ln hard hard2",
  "ln d/l hard; touch -h d/l",
  "ln d/l hard; touch -h -d 2019-01-01 hard",
  "touch -h d/l; ln d/l hard",
  "touch -h -d 2019-01-01 d/l; ln d/l d/hard",
  "touch -h d/l; sleep 0.02; readlink d/l",
  "chown -h 5:6 d/l; ln d/l hard",
  "ln d/l hard; chown -h 5:6 hard",
  "ln -f d/l f",
  "ln -f d/l c",
  "ln -f d/l c; touch -h -d 2019-01-01 c",
  "cp -a pair copy",
  "rsync -aH pair/ copy",
  "tar c pair d/l | tar x -C e",
  "ln d/l hard; mv d/l d/k; mv hard hard2",
  "ln d/l d/hard; mv d moved",
  "mkdir new; ln d/l new/a; ln d/l new/b; mv new/b d",
  "mv pair moved",
  "ln two hard; ln e/one e/new",
  "touch -h two",
  "touch -h -d 2019-01-01 two; sleep 0.02; touch -h -d 2018-01-01 e/one",
  "chown -h 5:6 two e/one",
  "ln two hard; touch -h -d 2019-01-01 e/one",
  "rm two; ln -s other c2; touch -h e/one",
  "rm two",
  "mv e moved; rm two",
  "ln -sfn other two",
  "ln -sfn other two; ln two hard",
  // These look like the file that they replace.
  "ln -f d/l two",
  "ln -f two d/l",
  "ln -f two pair/a",
  "ln p hard; chmod 600 hard",
  "mkfifo hard; ln hard hard2",
  "touch -d 2019-01-01 q; ln p hard",
  "ln -f q p",
  "ln n hard; chown 5:6 n",
];

describeOnHost("names that a script gives a symbolic link, a FIFO or a device", () => {
  for (const script of SCRIPTS) {
    it(`are names of one as after a plain run, and are undone: ${script}`, async () => {
      await using plain = await newScene();
      await plain.sh(`${FIXTURE}; ${script}`);
      await using scene = await newScene();
      const look = (host = scene.host) => describeTree(host, "/srv/w", { folderTimes: false });
      await scene.sh(FIXTURE);
      const before = look();
      scene.ball("a", `cd /srv/w; ${script}`);
      const dry = await scene.dryRun().ok();
      const live = await scene.dance().ok();
      const paths = ({ result }: typeof dry) => result.changes.map(({ kind, path }) => kind + path);
      assertEquals(paths(dry), paths(live));
      assertEquals(live.result.notSimulated.filter(({ kind }) => kind === "names"), []);
      assertEquals(look(), look(plain.host));
      await scene.rollback().ok();
      assertEquals(look(), before);
    });
  }

  for (
    const script of [
      "chown -h 5:6 two",
      "chown -h 5:6 two; ln two hard",
      "touch -h -d 2019-01-01 two; ln two hard",
      "chmod 600 q",
      "mv two three",
      "mv e moved",
      "ln two hard; rm two",
    ]
  ) {
    it(`part from those that it had before, which is told, with: ${script}`, async () => {
      await using scene = await newScene();
      const look = () => describeTree(scene.host, "/srv/w", { folderTimes: false });
      await scene.sh(FIXTURE);
      const before = look();
      const { result } = await scene.ball("a", `cd /srv/w; ${script}`).dance().ok();
      const parted = result.notSimulated.filter(({ kind }) => kind === "names");
      assertEquals(parted.map(({ what }) => what.includes("another name, which stays as it is")), [
        true,
      ]);
      await scene.rollback().ok();
      assertEquals(look(), before);
    });
  }

  it("come back when the undo is undone, whichever name got the time", async () => {
    await using scene = await newScene();
    const look = () => describeTree(scene.host, "/srv/w", { folderTimes: false });
    await scene.sh(`${FIXTURE}; ln two third`);
    const before = look();
    scene.ball("a", "cd /srv/w; ln two hard; rm third; ln -f f c; touch -h -d 2019-01-01 e/one");
    await scene.dance().ok();
    const after = look();
    await scene.rollback().ok();
    assertEquals(look(), before);
    await scene.rollback(await undoOf(scene)).ok();
    assertEquals(look(), after);
  });

  it("are not made again, and a link that is made again as it was is no change", async () => {
    await using scene = await newScene();
    await scene.sh(FIXTURE);
    const long = "x".repeat(1000);
    scene.ball("a", `cd /srv/w; ln -sfn ${long} d/long; ln -sfn t d/l; ln -f d/l c || true`);
    await scene.dance().changes("~ /srv/w/c", "+ /srv/w/d/long").ok();
    await scene.dance().changes().ok();
  });
});

/** The generation that was made last. */
async function undoOf({ host }: Scene): Promise<string> {
  return (await host.run(["sh", "-c", "ls /var/disco/generations | tail -n 1"])).trim();
}
