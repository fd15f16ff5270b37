import { assert, assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { MS } from "../../lib/posix/mod.ts";
import { parseMountinfo, readMounts, unescapeOctal } from "../../lib/posix/mountinfo.ts";
import { placesOf } from "../../lib/union/places.ts";
import { Folder } from "../posix/folder.ts";

const ROOT = "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw";

/** A line of mountinfo. */
function line(path: string, type = "ext4", options = "rw", superOptions = "rw"): string {
  return `30 21 8:2 / ${path} ${options} - ${type} /dev/x ${superOptions}`;
}

function places(root: string, lines: readonly string[], hidden: readonly string[] = []) {
  return placesOf(root, parseMountinfo([ROOT, ...lines, ""].join("\n")), hidden);
}

describe("parseMountinfo", () => {
  it("should read every field, with any number of optional ones", () => {
    const info = {
      id: 36,
      parent: 35,
      dev: "98:0",
      rootInside: "/mnt1",
      path: "/mnt2",
      options: ["rw", "noatime"],
      type: "ext3",
      source: "/dev/root",
      superOptions: ["rw", "errors=continue"],
    };
    for (const optional of ["", "master:1 ", "shared:2 master:1 propagate_from:5 unbindable "]) {
      const text =
        `36 35 98:0 /mnt1 /mnt2 rw,noatime ${optional}- ext3 /dev/root rw,errors=continue`;
      assertEquals(parseMountinfo(`${text}\n`), [info]);
    }
  });

  it("should undo octal escapes, and nothing else", () => {
    assertEquals(unescapeOctal("/a\\040b\\011c\\012d\\134e\\043"), "/a b\tc\nd\\e#");
    assertEquals(unescapeOctal("/a\\1340\\9\\40"), "/a\\0\\9\\40");
    assertEquals(parseMountinfo(line("/a\\040-\\040b"))[0]!.path, "/a - b");
  });

  it("should read the mounts of this process", () => {
    const mounts = readMounts();
    assertEquals(mounts.find(({ path }) => path === "/proc")?.type, "proc");
    assertEquals(mounts.filter(({ path }) => path === "/").length, 1);
  });
});

describe("readMounts", () => {
  /** What a script of mounts leaves to be seen below a folder. */
  function seen(script: string): string[] {
    using folder = new Folder();
    const program = `
      import { readMounts } from ${
      JSON.stringify(import.meta.resolve("../../lib/posix/mountinfo.ts"))
    };
      const here = Deno.cwd();
      const own = readMounts().filter(({ path }) => path.startsWith(here + "/"));
      console.log(JSON.stringify(own.map(({ path, source }) => source + " " + path.slice(here.length))));`;
    Deno.writeTextFileSync(folder.at("program.ts"), program);
    const config = new URL(import.meta.resolve("../../deno.json")).pathname;
    const start = `exec "$0" run -A --no-check --config "$1" program.ts`;
    const bash = `mkdir -p a/b c; ${script}; ${start}`;
    const words = ["--mount", "--propagation", "private", "bash", "-euc", bash];
    return JSON.parse(folder.run("unshare", ...words, Deno.execPath(), config)).toSorted();
  }

  const cases: [what: string, script: string, seen: string[]][] = [
    ["mounts in mounts", "mount -t tmpfs x a; mkdir a/b; mount -t tmpfs y a/b", ["x /a", "y /a/b"]],
    ["a mount that is covered", "mount -t tmpfs x a; mount -t tmpfs y a", ["y /a"]],
    ["what lay below a mount that came later", "mount -t tmpfs x a/b; mount -t tmpfs y a", [
      "y /a",
    ]],
    ["odd names", `mkdir $'o d\\n\\\\\\xff'; mount -t tmpfs x $'o d\\n\\\\\\xff'`, [
      "x /o d\n\\\udcff",
    ]],
  ];
  for (const [what, script, expected] of cases) {
    it(`should find ${what}`, () => assertEquals(seen(script), expected));
  }
});

describe("placesOf", () => {
  it("should make a union of the root and of what can be written below, parents first", () => {
    const found = places("/", [line("/var/log"), line("/var"), line("/boot", "vfat")]);
    assertEquals(found.map(({ path, kind }) => [path, kind]), [
      ["/", "union"],
      ["/boot", "union"],
      ["/var", "union"],
      ["/var/log", "union"],
    ]);
  });

  const rows: [what: string, line: string, kind: string | undefined, reason?: RegExp][] = [
    ["read-only mounts", line("/usr", "ext4", "ro"), "readonly"],
    ["read-only file systems", line("/usr", "squashfs", "rw", "ro"), "readonly"],
    ["nfs", line("/usr", "nfs4"), "refused", /shared with other machines/],
    ["FUSE", line("/usr", "fuse.sshfs"), "refused", /shared/],
    ["virtiofs", line("/usr", "virtiofs"), "refused", /shared/],
    ["read-only nfs", line("/usr", "nfs", "ro"), "readonly"],
    ["the kernel's", line("/usr", "cgroup2"), "refused", /kernel/],
    ["a file", line("/etc/passwd"), "refused", /a file is mounted here/],
    ["/proc", line("/proc", "proc"), undefined],
    ["what is in /run", line("/run/user/0", "tmpfs"), undefined],
    ["what only begins like /run", line("/runner"), "refused"],
    ["what is DISCO's own", line("/usr/disco/x"), undefined],
    ["what only begins like it", line("/usr/discoball"), "refused"],
  ];
  for (const [what, text, kind, reason] of rows) {
    it(`should see ${what} as ${kind ?? "nothing"}`, () => {
      const [, place] = places("/", [text], ["/usr/disco"]);
      assertEquals(place?.kind, kind);
      if (reason) assert(reason.test(place!.reason), place!.reason);
    });
  }

  it("should keep the flags that overlayfs does not inherit", () => {
    const [root, home] = places("/", [line("/home", "ext4", "rw,nosuid,nodev,noexec,noatime")]);
    assertEquals([root!.flags, home!.flags], [0, MS.NOSUID | MS.NODEV | MS.NOEXEC]);
  });

  it("should take the flags of another root from the mount that holds it", () => {
    using folder = new Folder();
    const lines = [line(folder.path.split("/").slice(0, 2).join("/"), "tmpfs", "rw,nosuid")];
    const [place] = places(folder.path, lines);
    assertEquals(
      place,
      {
        ...{ path: "/", live: folder.path, kind: "union", reason: "", flags: MS.NOSUID },
        ...{ type: "tmpfs", mount: null },
      } as typeof place,
    );
  });

  it("should name places as seen from inside another root", () => {
    using folder = new Folder();
    folder.sh("mkdir -p boot proc tmp/x");
    const lines = ["boot", "proc", "tmp/x"].map((name) => line(folder.at(name)));
    const found = places(folder.path, [...lines, line(`${folder.path}other`)]);
    assertEquals(found.map(({ path, live }) => [path, live]), [
      ["/", folder.path],
      ["/boot", folder.at("boot")],
    ]);
  });
});
