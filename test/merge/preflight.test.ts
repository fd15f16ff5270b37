import { assertEquals, assertMatch } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { Change } from "../../lib/changes/mod.ts";
import { DiscoError } from "../../lib/error.ts";
import { Tree } from "../../lib/door/mod.ts";
import { timeMark } from "../../lib/merge/mark.ts";
import { preflight } from "../../lib/merge/preflight.ts";
import { change, file, other } from "../changes/entries.ts";
import { Folder } from "../posix/folder.ts";

/** What preflight says of changes to a tree; the ball's wishes are in `union`. */
function say(
  live: string,
  changes: Change[],
  { mountpoints = [] as string[], union = ":", meanwhile = ":" } = {},
): string {
  using folder = new Folder();
  folder.sh(`mkdir root union generation; cd root; mkdir -p d/e; touch d/f; ${live}; sleep 0.02`);
  folder.sh(`cd union; ${union}`);
  using root = new Tree(folder.at("root"));
  using seen = new Tree(folder.at("union"));
  const mark = timeMark(folder.at("generation"));
  folder.sh(`cd root; ${meanwhile}`);
  root.forget();
  const before = folder.run("find", ".", "-printf", "%p %y %i %T@ %C@\n");
  const places = [{ path: "/", live: folder.at("root") }];
  try {
    const difference = { changes };
    const task = { live: root, union: seen, places, mark, watched: {} };
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
    it(`should refuse ${what}, say how to mend it, and change nothing`, () => {
      assertMatch(say(live, [wish]), says);
      // The control.
      assertEquals(say(":", [wish]), "fine");
    });
  }

  it("should refuse to move a tree with a mount in it, and to delete a mount point", () => {
    const mountpoints = ["/d/e/m"];
    assertMatch(say(":", [at("/d/e", "deleted")], { mountpoints }), /"\/d\/e\/m" is mounted there/);
    assertMatch(say(":", [at("/d/e", "deleted")], { mountpoints: ["/d/e"] }), /is mounted there/);
    assertEquals(say(":", [at("/d/e", "attributes")], { mountpoints }), "fine");
    assertEquals(say(":", [at("/d/e", "deleted")], { mountpoints: ["/d/ee"] }), "fine");
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
    it(`should see a conflict where the target ${what}`, () => {
      assertMatch(say(":", [wish], { meanwhile }), /somebody else has changed it/);
    });
  }

  describe("of space", () => {
    const huge = file({ size: 2 ** 50 });
    it("should count no content for attributes, and none of holes", () => {
      const chmod = change("attributes", huge, huge, { path: "/d/f" });
      assertEquals(say(":", [chmod]), "fine");
      const sparse = change("modified", file(), huge, { path: "/d/f" });
      assertEquals(say(":", [sparse], { union: "mkdir d; truncate -s 1T d/f" }), "fine");
    });
  });
});
