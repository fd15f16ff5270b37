import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { orphansLine } from "../../lib/orphans/mod.ts";
import { shownChanges } from "../../lib/report/mod.ts";
import { directoryGroups, kindCounts } from "../../lib/report/fold.ts";
import { change, file, other } from "../changes/entries.ts";

const made = (path: string, balls = ["web"]) => change("created", null, file(), { path, balls });
const linesOf = (...args: Parameters<typeof directoryGroups>) =>
  directoryGroups(...args).map(({ line }) => line);

describe("directoryGroups", () => {
  it("should name a directory for what is in it, and a path that is alone", () => {
    const folder = change("created", null, other("directory"), { path: "/srv/site" });
    const lines = linesOf([folder, made("/srv/site/a"), made("/srv/site/b"), made("/x")], 9);
    assertEquals(lines, ["/srv/site: 3 created [web]", "/x: 1 created [web]"]);
  });

  it("should keep balls apart", () => {
    const lines = linesOf([made("/a/1"), made("/a/2"), made("/a/3", ["x", "y"])], 9);
    assertEquals(lines, ["/a: 2 created [web]", "/a/3: 1 created [x, y]"]);
  });

  it("should be coarser where there are many directories, and bounded in any case", () => {
    const deep = Array.from({ length: 50 }, (_, i) => [made(`/a/b/${i}/1`), made(`/a/b/${i}/2`)]);
    assertEquals(linesOf(deep.flat(), 5), ["/a/b: 100 created [web]"]);
    const wide = Array.from({ length: 50 }, (_, i) => [made(`/${i}/1`), made(`/${i}/2`)]);
    const lines = linesOf(wide.flat(), 5);
    assertEquals([lines.length, lines.at(-1)], [5, "and 46 more directories"]);
  });

  it("should count what happened", () => {
    const gone = change("deleted", file(), null, { path: "/etc/y" });
    assertEquals(kindCounts([made("/etc/x"), gone, made("/etc/z")]), "2 created, 1 deleted");
  });
});

describe("shownChanges", () => {
  it("should show 40 changes one by one, and fold 41", () => {
    const some = (count: number) => Array.from({ length: count }, (_, i) => made(`/srv/${i}`));
    assertEquals(shownChanges(some(40)).length, 40);
    assertEquals(shownChanges(some(41)).map(({ text }) => text), ["/srv: 41 created [web]"]);
  });

  it("should keep hostile names on their line, folded or not", () => {
    const evil = "\x1b[2J\nreport: success";
    const many = Array.from({ length: 50 }, (_, i) => ({
      ...made(`/${evil}/${i}`, [evil]),
      ...i % 2 ? { package: evil } : {},
    }));
    const lines = [...shownChanges(many), ...shownChanges(many.slice(0, 3))];
    // deno-lint-ignore no-control-regex
    assertEquals(lines.filter(({ text }) => /[\x00-\x1f]/.test(text)), []);
  });

  it("should show no secret, folded or not", () => {
    const secret = { ...made("/etc/key"), secret: true, diff: "+hunter2\n" };
    for (const diff of ["full", "short", "none"] as const) {
      const text = shownChanges([secret], { diff }).map((line) => line.text).join();
      assertEquals(text.includes("hunter2"), false, diff);
    }
  });
});

describe("orphansLine", () => {
  it("should name a path that is alone, and say who changed it", () => {
    const one = { ball: "a", path: "/etc/x", status: "changed" } as const;
    assertEquals(
      orphansLine("a", [one]),
      "orphan: /etc/x was delivered by ball a, and is not any more; it was changed by hand since, " +
        "so it stays",
    );
    assertEquals(
      orphansLine("a", [one, { ...one, path: "/etc/y", status: "kept" }]),
      "orphans: 2 paths were delivered by ball a, and are not any more; they stay: /etc/x, /etc/y; " +
        "1 of them was changed by hand since",
    );
  });
});
