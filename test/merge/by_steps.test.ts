import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { apply, isApplied, takeBack } from "../../lib/merge/apply.ts";
import { ConflictError } from "../../lib/merge/conflict.ts";
import { Live } from "../../lib/merge/live.ts";
import { identityOf, inverse, type MoveOperation } from "../../lib/merge/operation.ts";
import { Folder } from "../posix/folder.ts";

const AREA = { place: "/", owner: "g", home: null, name: "", ino: null, handle: null };

/** How far the steps have come when they are cut off. */
const CUTS: readonly [what: string, script: string][] = [
  ["before the first", ":"],
  ["after it has begun", "mv gen/g/slots/0.kept gen/g/slots/0.old"],
  ["half way through the removal", "mv gen/g/slots/0.kept gen/g/slots/0.old; rm root/d/b"],
  ["after the removal", "mv gen/g/slots/0.kept gen/g/slots/0.old; rm -r root/d"],
  [
    "when the new one is there",
    "mv gen/g/slots/0.kept gen/g/slots/0.old; rm -r root/d; " +
    "[ ! -e gen/g/slots/0 ] || mv gen/g/slots/0 root/d",
  ],
];

/** A directory that goes, its copy, and for a swap what comes. */
function scene(kind: "delete" | "swap"): { folder: Folder; live: Live; operation: MoveOperation } {
  const folder = new Folder();
  folder.sh(`mkdir -p root/d/e gen/g; mkdir -m 700 gen/g/slots; echo a >root/d/a; echo b >root/d/b
    ln -s a root/d/l; touch -d @5 root/d/e root/d/a root/d; cp -a root/d gen/g/slots/0.kept`);
  if (kind === "swap") folder.sh("echo new >gen/g/slots/0");
  const live = new Live(folder.at("root"), folder.at("gen"), [AREA]);
  const slot = (name: string) => live.slot({ path: "/d", slot: name })!;
  const operation: MoveOperation = {
    kind,
    path: "/d",
    slot: "0",
    before: identityOf(live.stat("/d")!),
    after: kind === "swap" ? identityOf(slot("0")) : null,
    kept: identityOf(slot("0.kept")),
  };
  return { folder, live, operation };
}

const LOOK = ["find", "root", "-printf", "%p %y %s %l %T@\n"] as const;
const look = (folder: Folder) => folder.run(...LOOK).split("\n").slice(1).sort();

describe("a directory that cannot be renamed", () => {
  for (const kind of ["delete", "swap"] as const) {
    for (const [what, script] of CUTS) {
      it(`should be finished, cut off ${what} (${kind}), and be undone`, () => {
        const { folder, live, operation } = scene(kind);
        using _folder = folder;
        using _live = live;
        const before = look(folder);
        folder.sh(script);
        live.tree.forget();
        assertEquals(isApplied(operation, live), false);
        apply(operation, live);
        assertEquals(isApplied(operation, live), true);
        assertEquals(live.stat("/d")?.type, kind === "swap" ? "file" : undefined);
        assertEquals(folder.run("ls", "gen/g/slots"), "0\n");
        apply(inverse(operation), live);
        assertEquals(look(folder), before);
      });

      it(`should be taken back, cut off ${what} (${kind})`, () => {
        const { folder, live, operation } = scene(kind);
        using _folder = folder;
        using _live = live;
        const before = look(folder);
        folder.sh(script);
        live.tree.forget();
        takeBack(operation, live);
        assertEquals(look(folder), before);
      });
    }

    it(`should be taken back when it is done (${kind})`, () => {
      const { folder, live, operation } = scene(kind);
      using _folder = folder;
      using _live = live;
      const before = look(folder);
      apply(operation, live);
      takeBack(operation, live);
      assertEquals(look(folder), before);
    });
  }

  for (
    const [what, script] of [
      ["a new file", "touch root/d/e/n"],
      ["a file that has grown", "echo b >>root/d/b"],
      ["another file", "echo b >root/x; mv root/x root/d/b"],
    ] as const
  ) {
    it(`should be left alone where others have made ${what} in it since`, () => {
      const { folder, live, operation } = scene("delete");
      using _folder = folder;
      using _live = live;
      folder.sh(script);
      const before = look(folder);
      assertThrows(() => apply(operation, live), ConflictError);
      takeBack(operation, live);
      assertEquals(look(folder), before);
    });
  }
});
