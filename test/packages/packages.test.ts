import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { Tree } from "../../lib/door/mod.ts";
import { packagesGone, packagesOf } from "../../lib/packages/mod.ts";
import { change, file } from "../changes/entries.ts";

/** Two trees with dpkg's database: files by path, before and after. */
function trees(live: Record<string, string>, now: Record<string, string>) {
  const dir = Deno.makeTempDirSync();
  for (const [side, files] of [["live", live], ["now", now]] as const) {
    Deno.mkdirSync(`${dir}/${side}`);
    for (const [path, text] of Object.entries(files)) {
      const at = `${dir}/${side}${path}`;
      Deno.mkdirSync(at.slice(0, at.lastIndexOf("/")), { recursive: true });
      Deno.writeTextFileSync(at, text);
    }
  }
  const [one, two] = [new Tree(`${dir}/live`), new Tree(`${dir}/now`)];
  return {
    live: one,
    now: two,
    [Symbol.dispose]: () => {
      one[Symbol.dispose]();
      two[Symbol.dispose]();
      Deno.removeSync(dir, { recursive: true });
    },
  };
}

const STATUS = "/var/lib/dpkg/status";
const list = (name: string) => `/var/lib/dpkg/info/${name}.list`;
const block = (name: string, more = "") =>
  `Package: ${name}\nStatus: install ok installed\n${more}Architecture: amd64\n\n`;
const deleted = (path: string) => change("deleted", file(), null, { path });

describe("packagesGone", () => {
  it("should know what dpkg let go of, also by the old name of a directory", () => {
    using both = trees({
      [STATUS]: block("a") + block("b"),
      [list("a")]: "/.\n/bin/a\n/etc/a\n",
    }, { [STATUS]: block("b") });
    const { removed, owned } = packagesGone([deleted(list("a"))], both.live, both.now);
    const paths = ["/bin/a", "/usr/bin/a", "/etc/a", "/var/lib/dpkg/info/a.prerm", "/etc/b"];
    assertEquals([removed, paths.map(owned)], [["a"], [true, true, true, true, false]]);
  });

  it("should know what an upgrade let go of, and count it as no removal", () => {
    using both = trees({ [STATUS]: block("a"), [list("a")]: "/etc/old\n/etc/kept\n" }, {
      [STATUS]: block("a"),
      [list("a")]: "/etc/kept\n",
    });
    const changes = [change("modified", file(), file(), { path: list("a") })];
    const { removed, owned } = packagesGone(changes, both.live, both.now);
    assertEquals([removed, owned("/etc/old"), owned("/etc/kept")], [[], true, false]);
  });

  it("should count a package of two names once", () => {
    const same = block("c6", "Multi-Arch: same\n");
    using both = trees({ [STATUS]: same + block("b"), [list("c6:amd64")]: "/lib/c\n" }, {
      [STATUS]: block("b"),
    });
    const { removed, owned } = packagesGone([deleted(list("c6:amd64"))], both.live, both.now);
    assertEquals([removed, owned("/usr/lib/c")], [["c6"], true]);
  });

  it("should believe nothing without a database afterwards, or of an installed package", () => {
    const live = { [STATUS]: block("a"), [list("a")]: "/etc/a\n" };
    for (const now of [{}, { [STATUS]: "" }, { [STATUS]: block("a") }]) {
      using both = trees(live, now as Record<string, string>);
      const { removed, owned } = packagesGone([deleted(list("a"))], both.live, both.now);
      assertEquals([removed, owned("/etc/a")], [[], false]);
    }
  });
});

describe("packagesOf", () => {
  it("should name the package of what comes and goes, and of nothing else", () => {
    using both = trees({ [list("old")]: "/etc/old\n" }, { [list("new:all")]: "/etc/new\n" });
    const made = (path: string) => change("created", null, file(), { path });
    const changes = [
      made("/etc/new"),
      made("/etc/own"),
      made(list("new:all")),
      deleted("/etc/old"),
    ];
    const found = packagesOf([...changes, deleted(list("old"))], both.live, both.now);
    assertEquals([...found], [
      ["/etc/new", "new"],
      [list("new:all"), "new"],
      ["/etc/old", "old"],
      [list("old"), "old"],
    ]);
  });
});
