import { assert, assertEquals } from "@std/assert";
import { beforeAll, it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import { inNamespace } from "./child.ts";
import type { Scene, Seen, Step } from "./fixture.ts";

const write = (ball: string, sh: string): Step => ({ ball, sh });

/** More than one overlay takes. */
const MANY = 600;

const SCENES = {
  layers: {
    live: "echo x >f; mkdir d",
    steps: [
      write("none", ":"),
      write("a", "echo y >f"),
      write("reader", "cat f; ls -lR"),
      write("b", "touch d/n"),
      write("root", "chmod 700 ."),
      write("last", ":"),
    ],
    look: "cat f; ls d; stat -c %a .",
  },
  "mount points": {
    live: "mkdir m; mount -t tmpfs none m",
    steps: [write("a", "chmod 750 m; chmod 711 ."), write("b", "touch m/n"), write("c", ":")],
  },
  sealed: {
    live: "true",
    steps: [
      write("a", "touch one"),
      { call: "seal" },
      { call: "seal" },
      write("a", "touch two"),
      { call: "drop" },
    ],
    look: "ls",
  },
  dropped: {
    live: "touch f",
    steps: [
      write("a", "touch one"),
      write("b", "rm f; touch two"),
      { call: "seal" },
      write("b", "rm one; touch three"),
      { call: "dropBall", ball: "b" },
    ],
    look: "ls",
  },
  base: {
    live: "mkdir -m 711 bin; touch -d @5 bin; echo live >bin/tool",
    steps: [
      { call: "baseFile", path: "/bin/tool" },
      { call: "baseFile", path: "/bin/other" },
      { call: "baseFile", path: "/new/tool" },
      { call: "remount" },
      write("a", "touch bin/own"),
    ],
    look: "cat bin/tool bin/other new/tool; stat -c %a bin",
  },
  "base that is changed": {
    live: "mkdir bin; echo live >bin/tool",
    steps: [
      { call: "baseFile", path: "/bin/tool" },
      { call: "remount" },
      write("a", "rm bin/tool; echo package >bin/tool"),
    ],
    look: "cat bin/tool",
  },
  odd: {
    live: `d=$'a:b,c\\\\d "e" \\xff\\n'; mkdir "$d"; mount -t tmpfs none "$d"; touch "$d/f"`,
    steps: [write("a", "echo x >a*/f")],
    look: "cat a*/f",
  },
  flags: {
    live: "mkdir m n; mount -t tmpfs -o nosuid,noexec none m; mount -t tmpfs -o ro none n; " +
      "touch f; mount --bind f f",
    steps: [
      write("a", "! echo x >n/f; ! echo x >f; printf '#!/bin/sh\\n' >m/x; chmod 755 m/x; ! m/x"),
    ],
    look: "grep -c x f || true; grep -o ' [^ ]*nosuid,noexec[^ ]* ' /proc/self/mountinfo | wc -l",
  },
  disk: {
    live: "mkdir d; touch d/f",
    steps: [write("a", "mv d e; chown 5 e/f"), write("b", "touch e/g")],
    look: "ls e",
    scratch: { kind: "disk", size: "64M" },
  },
  full: {
    live: "true",
    steps: [write("a", "! head -c 4M /dev/zero >f 2>/dev/null")],
    look: "stat -c %s f",
    scratch: { kind: "memory", size: "2M" },
  },
  unmounted: {
    live: "mkdir m n; mount -t tmpfs none m; mkdir m/i; mount -t tmpfs none m/i; touch n/below",
    steps: [write("a", "touch n/a"), { live: "umount -R m" }, write("b", "touch n/b")],
    look: "ls m n",
  },
  "unmounted with changes": {
    live: "mkdir m; mount -t tmpfs none m",
    steps: [write("a", "touch m/a"), { live: "umount m" }, write("b", "touch b")],
  },
  "mounted again": {
    live: "mkdir m; mount -t tmpfs none m",
    steps: [
      write("a", "touch a"),
      { live: "umount m; mount -t tmpfs none m; touch m/other" },
      write("b", "touch b"),
    ],
    look: "ls m",
  },
  "moved": {
    live: "mkdir -p m/d; mount -t tmpfs none m/d",
    steps: [write("a", "mv m n; mkdir m; ln -s /usr/bin m/d"), write("b", "touch m/d/f")],
  },
  many: {
    live: "echo 0 >f; echo log >opened; echo mode >mode; mkdir d gone; touch d/f gone/f",
    steps: [
      ...Array.from({ length: MANY }, (_, i) => write(`b${i}`, `echo ${i} >f; echo >n${i}`)),
      write("last", "mv d e; rm -r gone; chmod 600 mode; exec 5>>opened; echo x >>n1; rm n2"),
      write("done", ":"),
    ],
    look: "cat f mode e/f; ls; stat -c %a mode",
  },
  kernel: {
    live: "mkdir p; mount -t proc none p",
    steps: [write("a", "touch f; ! touch p/f")],
    look: "ls -A p | wc -l",
  },
} satisfies Record<string, Scene>;

let seen: Record<keyof typeof SCENES, Seen>;

const changes = ({ changes }: Seen) => changes.map(({ kind, path }) => `${kind} ${path}`);
const layers = ({ layers }: Seen) => layers.map(({ ball }) => ball);

describeOnHost("a union", () => {
  beforeAll(async () => {
    const program = new URL("./fixture.ts", import.meta.url);
    const all = await inNamespace<Seen[]>(program, Object.values(SCENES));
    seen = Object.fromEntries(Object.keys(SCENES).map((name, i) => [name, all[i]])) as typeof seen;
  });

  it("should have a layer for each ball that changed something, and none for the others", () => {
    // The last one is being written.
    assertEquals(layers(seen.layers), ["a", "b", "root", "last"]);
    assertEquals(seen.layers.looked, "y\nn\n700\n");
  });

  it("should pass on what a ball did to the directory of a mount, as the work of that ball", () => {
    const found = seen["mount points"].changes.map((
      { path, balls, after },
    ) => [path, balls, after!.mode]);
    assertEquals(found, [["/", ["a"], "0711"], ["/m", ["a"], "0750"], ["/m/n", ["b"], "0644"]]);
  });

  it("should keep what was sealed when the rest is dropped", () => {
    assertEquals([seen.sealed.looked, layers(seen.sealed)], ["one\n", ["a", "a"]]);
  });

  it("should forget all of a ball that is dropped, sealed or not", () => {
    assertEquals([seen.dropped.looked, changes(seen.dropped)], ["f\none\n", ["created /one"]]);
  });

  it("should show what the base lays over the root, which is no change", () => {
    assertEquals(seen.base.looked, "base\nbase\nbase\n711\n");
    assertEquals(changes(seen.base), ["created /bin/own"]);
  });

  it("should show what a ball puts in the place of the base", () => {
    assertEquals(seen["base that is changed"].looked, "package\n");
    assertEquals(changes(seen["base that is changed"]), ["modified /bin/tool"]);
  });

  it("should take mount points of any name", () => {
    assertEquals(seen.odd.looked, "x\n");
    assertEquals(changes(seen.odd), ['modified /a:b,c\\d "e" \udcff\n/f']);
  });

  it("should keep the flags of mounts, and refuse writes to mounted files", () => {
    const [lines, flags] = seen.flags.looked.trim().split("\n").map(Number) as [number, number];
    assertEquals([lines, seen.flags.refused], [0, ["/f"]]);
    assert(flags >= 2, "the union's own has them, too");
  });

  it("should leave out what is unmounted meanwhile, and show what lay below", () => {
    const { looked, shown, failed } = seen.unmounted;
    assertEquals([looked, failed], ["m:\n\nn:\na\nb\nbelow\n", ""]);
    assertEquals(shown, [
      "absent: it was unmounted meanwhile",
      "absent: it was unmounted meanwhile",
    ]);
    assertEquals(seen["mounted again"].shown, ["absent: it was unmounted meanwhile"]);
  });

  it("should not go on without what a ball has changed", () => {
    assertEquals(
      seen["unmounted with changes"].failed,
      'Cannot go on: balls have changed something in "/m", and it was unmounted meanwhile',
    );
  });

  it("should name the ball that takes the way to a mount away", () => {
    assertEquals(
      seen.moved.failed,
      'Cannot apply ball "a": it moved, removed or replaced "/m/d", where a file system is mounted',
    );
  });

  it("should have more layers than one overlay takes", () => {
    const { looked, layers, changes, failed } = seen.many;
    assertEquals([failed, layers.length], ["", MANY + 2]);
    const names = [...Array(MANY).keys()].filter((i) => i !== 2).map((i) => `n${i}`);
    const shown = ["e", "f", "mode", "opened", ...names].toSorted();
    assertEquals(looked, `${MANY - 1}\nmode\n${shown.join("\n")}\n600\n`);
    const found = new Map(changes.map(({ path, kind, balls }) => [path, [kind, balls]]));
    assertEquals(found.get("/f")![0], "modified");
    assertEquals(found.get("/n1"), ["created", ["b1", "last"]]);
    assertEquals(found.get("/mode"), ["attributes", ["last"]]);
    assertEquals(["/opened", "/n2"].filter((path) => found.has(path)), []);
    assertEquals(found.get("/gone"), ["deleted", ["last"]]);
    assertEquals([...found.keys()].filter((path) => !path.startsWith("/n")).toSorted(), [
      ...["/d", "/e", "/e/f", "/f", "/gone", "/mode"],
    ]);
    assertEquals(found.size, names.length + 6);
  });

  it("should show nothing of the kernel's own file systems", () => {
    assertEquals([seen.kernel.looked, seen.kernel.shown], [
      "0\n",
      ["nothing: proc belongs to the kernel"],
    ]);
  });

  it("should lie on a disk image as well", () => {
    assertEquals(seen.disk.looked, "f\ng\n");
    assertEquals(changes(seen.disk), ["deleted /d", "created /e", "created /e/f", "created /e/g"]);
  });

  it("should be full when its scratchpad is", () => {
    assert(Number(seen.full.looked) < 4 * 2 ** 20, seen.full.looked);
  });
});
