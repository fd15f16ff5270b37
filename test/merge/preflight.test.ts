import { assertEquals, assertMatch } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { Change } from "../../lib/result/mod.ts";
import { DiscoError } from "../../lib/error/mod.ts";
import { Tree } from "../../lib/door/mod.ts";
import { timeMark } from "../../lib/merge/mark.ts";
import { watch } from "../../lib/merge/watch.ts";
import { preflight } from "../../lib/merge/preflight.ts";
import { change, file, other } from "../changes/entries.ts";
import { Folder } from "../posix/folder.ts";

/** What preflight says of changes to a tree; the ball's wishes are in `union`. */
async function say(
  live: string,
  changes: Change[],
  { mountpoints = [] as string[], union = ":", meanwhile = ":", isWatched = false } = {},
): Promise<string> {
  const paths = changes.map(({ path }) => path);
  using folder = new Folder();
  folder.sh(`mkdir root union generation; cd root; mkdir -p d/e; touch d/f; ${live}; sleep 0.02`);
  folder.sh(`cd union; ${union}`);
  using root = new Tree(folder.at("root"));
  using seen = new Tree(folder.at("union"));
  const mark = timeMark(folder.at("generation"));
  const seenBefore = isWatched ? await watch(root, paths) : {};
  folder.sh(`cd root; ${meanwhile}`);
  root.forget();
  const before = folder.run("find", ".", "-printf", "%p %y %i %T@ %C@\n");
  const places = [{ path: "/", live: folder.at("root") }];
  try {
    const difference = { changes };
    const now = isWatched ? await watch(root, paths) : {};
    const watched = Object.fromEntries(
      Object.keys(now).map((path) => [path, { before: seenBefore[path]!, now: now[path]! }]),
    );
    const task = { live: root, union: seen, places, mark, watched };
    preflight({ ...task, changes, difference, mountpoints });
    return "fine";
  } catch (error) {
    if (!(error instanceof DiscoError)) throw error;
    return `${error.message}; ${error.hint}`;
  } finally {
    assertEquals(folder.run("find", ".", "-printf", "%p %y %i %T@ %C@\n"), before);
    folder.sh("chattr -R -i -a root || :");
  }
}

const REWRITE =
  "touch -r d/f r; printf 2 | dd of=d/f conv=notrunc status=none; touch -r r d/f; rm r";

const at = (path: string, kind: Change["kind"]) => {
  const there = kind === "created" ? null : path.endsWith("e") ? other("directory") : file();
  return change(kind, there, kind === "deleted" ? null : file(), { path });
};

describe("preflight", () => {
  const refused: [what: string, live: string, change: Change, says: RegExp][] = [
    ["an immutable file", "chattr +i d/f", at("/d/f", "modified"), /"\/d\/f": it is immutable/],
    ["its attributes", "chattr +i d/f", at("/d/f", "attributes"), /"\/d\/f": it is immutable/],
    ["an append-only file", "chattr +a d/f", at("/d/f", "deleted"), /it is append-only.*chattr -a/],
    [
      "an entry of an immutable directory",
      "chattr +i d",
      at("/d/n", "created"),
      /the directory "\/d" is immutable/,
    ],
  ];
  for (const [what, live, wish, says] of refused) {
    it(`should refuse ${what}, say how to fix it, and change nothing`, async () => {
      assertMatch(await say(live, [wish]), says);
      // The control.
      assertEquals(await say(":", [wish]), "fine");
    });
  }

  it("should refuse to move a tree with a mount in it, and to delete a mount point", async () => {
    const mountpoints = ["/d/e/m"];
    assertMatch(
      await say(":", [at("/d/e", "deleted")], { mountpoints }),
      /"\/d\/e\/m" is mounted there/,
    );
    assertMatch(
      await say(":", [at("/d/e", "deleted")], { mountpoints: ["/d/e"] }),
      /is mounted there/,
    );
    assertEquals(await say(":", [at("/d/e", "attributes")], { mountpoints }), "fine");
    assertEquals(await say(":", [at("/d/e", "deleted")], { mountpoints: ["/d/ee"] }), "fine");
  });

  const conflicts: [what: string, meanwhile: string, change: Change][] = [
    ["was written", "echo x >d/f", at("/d/f", "modified")],
    ["came", "touch d/n", at("/d/n", "created")],
    ["is gone", "rm d/f", at("/d/f", "attributes")],
    ["lost its directory", "rm -r d", at("/d/f", "modified")],
    ["lost the directory it was to be made in", "rm -r d", at("/d/n", "created")],
    ["was to be made behind what is a link now", "mv d x; ln -s x d", at("/d/n", "created")],
  ];
  for (const [what, meanwhile, wish] of conflicts) {
    it(`should see a conflict where the target ${what}`, async () => {
      assertMatch(await say(":", [wish], { meanwhile }), /another process has changed it/);
    });
  }

  const harmless: [what: string, live: string, meanwhile: string, change: Change][] = [
    ["a file that grows gets another mode", ":", "echo x >>d/f", at("/d/f", "attributes")],
    ["a directory that fills gets another mode", ":", "touch d/e/n", at("/d/e", "attributes")],
    ["a file that is only touched is replaced", "echo 1 >d/f", "touch d/f", at("/d/f", "modified")],
    ["a tree that is only touched goes", "echo 1 >d/e/f", "touch d/e/f d/e", at("/d/e", "deleted")],
  ];
  const harmful: [what: string, live: string, meanwhile: string, change: Change][] = [
    ["its mode changed, too", ":", "chmod 604 d/f; echo x >>d/f", at("/d/f", "attributes")],
    ["its attributes changed, too", ":", "setfattr -n user.a -v 1 d/f", at("/d/f", "attributes")],
    ["its content changed, not its time", "echo 1 >d/f", REWRITE, at("/d/f", "modified")],
    ["a file in the tree changed", "echo 1 >d/e/f", "echo 2 >d/e/f", at("/d/e", "deleted")],
    ["a file came into the tree", ":", "touch d/e/n", at("/d/e", "deleted")],
    ["a mode in the tree changed", "touch d/e/f", "chmod 600 d/e/f", at("/d/e", "deleted")],
    ["it is another type", ":", "rm d/f; mkdir d/f", at("/d/f", "modified")],
  ];
  for (const [what, live, meanwhile, wish] of harmless) {
    it(`should see no conflict in a path that is watched where ${what}`, async () => {
      assertEquals(await say(live, [wish], { meanwhile, isWatched: true }), "fine");
      // The control: for who replaces content the change time alone would be one.
      const said = await say(live, [wish], { meanwhile });
      if (wish.kind === "attributes") assertEquals(said, "fine");
      else assertMatch(said, /another process has changed it/);
    });
  }
  for (const [what, live, meanwhile, wish] of harmful) {
    it(`should see a conflict in a path that is watched where ${what}`, async () => {
      const said = await say(live, [wish], { meanwhile, isWatched: true });
      assertMatch(said, /another process has changed it/);
    });
  }

  describe("of space", () => {
    const huge = file({ size: 2 ** 50 });
    it("should count no content for attributes, and none of holes", async () => {
      const chmod = change("attributes", huge, huge, { path: "/d/f" });
      assertEquals(await say(":", [chmod]), "fine");
      const sparse = change("modified", file(), huge, { path: "/d/f" });
      assertEquals(await say(":", [sparse], { union: "mkdir d; truncate -s 1T d/f" }), "fine");
    });
  });
});
