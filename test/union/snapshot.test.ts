import { assertEquals } from "@std/assert";
import { beforeAll, it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import { inNamespace } from "./child.ts";
import type { Scene, Seen, Step } from "./fixture.ts";

const write = (ball: string, sh: string): Step => ({ ball, sh });
const snapshot: Step = { call: "snapshot" };

const LIVE = "for f in f g h; do echo live >$f; done; mkdir -p d/e; touch d/e/1 d/2";

const SCENES = {
  "the same again": {
    live: LIVE,
    steps: [
      write("a", "echo one >f; chmod 600 g; rm h; mv d x; mkdir new"),
      snapshot,
      write("a", "echo one >f; chmod 600 g; rm -f h; touch x/2; mkdir -p new"),
    ],
  },
  "more": {
    live: LIVE,
    steps: [
      write("a", "echo one >f; chmod 604 g; rm h; mv d x; chmod 711 ."),
      write("b", "echo two >>f"),
      snapshot,
      write("c", "echo three >>f; echo more >>g; touch h; mv x/e x/y; chmod 751 ."),
    ],
  },
  "back to what is live": {
    live: LIVE,
    steps: [write("a", "echo one >f"), snapshot, write("a", "echo live >f")],
  },
  "on nothing": { live: LIVE, steps: [snapshot, write("a", "echo one >f; rm -r d")] },
  "on mounts": {
    live: "mkdir m n r; for d in m n; do mount -t tmpfs none $d; echo live >$d/f; done; " +
      "mount -t tmpfs -o ro none r",
    steps: [
      write("a", "echo one >m/f"),
      snapshot,
      write("b", "echo two >>m/f; echo two >>n/f; chmod 711 m; echo one >m/g"),
    ],
  },
  "over the base": {
    live: "mkdir bin; echo live >bin/tool",
    steps: [
      { call: "baseFile", path: "/bin/tool" },
      { call: "remount" },
      snapshot,
      write("a", "echo package >>bin/tool"),
    ],
  },
  "and a ball that is dropped": {
    live: LIVE,
    steps: [
      write("a", "echo one >f"),
      snapshot,
      write("a", "echo two >f; echo two >g"),
      { call: "dropBall", ball: "a" },
      write("b", "touch new"),
    ],
    look: "cat f g",
  },
} satisfies Record<string, Scene>;

let seen: Record<keyof typeof SCENES, Seen>;

const changes = ({ changes }: Seen) => changes.map(({ kind, path }) => `${kind} ${path}`);

describeOnHost("the changes since a snapshot", () => {
  beforeAll(async () => {
    const program = new URL("./fixture.ts", import.meta.url);
    const all = await inNamespace<Seen[]>(program, Object.values(SCENES));
    seen = Object.fromEntries(Object.keys(SCENES).map((name, i) => [name, all[i]])) as typeof seen;
  });

  it("should be none when the same is done again", () => {
    // What is touched each time has another time each time.
    assertEquals(changes(seen["the same again"]), ["attributes /x/2"]);
  });

  it("should be what was done later, with its ball, and what it met", () => {
    const { more } = seen;
    assertEquals(changes(more), [
      "attributes /",
      "modified /f",
      "modified /g",
      "created /h",
      "deleted /x/e",
      "created /x/y",
      "created /x/y/1",
    ]);
    assertEquals([...new Set(more.changes.flatMap(({ balls }) => balls))], ["c"]);
    const [root, f, g] = more.changes;
    assertEquals([root!.before!.mode, root!.after!.mode], ["0711", "0751"]);
    assertEquals(f!.diff!.split("\n").slice(2), ["@@ -1,2 +1,3 @@", " one", " two", "+three", ""]);
    assertEquals([g!.before!.mode, g!.diff!.includes(" live\n+more\n")], ["0604", true]);
  });

  it("should compare with the snapshot, and not with what is live", () => {
    const [change] = seen["back to what is live"].changes;
    assertEquals(change!.diff!.split("\n").slice(3), ["-one", "+live", ""]);
  });

  it("should be all changes when nothing was done before", () => {
    assertEquals(changes(seen["on nothing"]), ["deleted /d", "modified /f"]);
  });

  it("should be found on every mount", () => {
    const found = seen["on mounts"];
    assertEquals(changes(found), [
      "attributes /m",
      "modified /m/f",
      "created /m/g",
      "modified /n/f",
    ]);
    const [, onUpper, , onLive] = found.changes;
    assertEquals(onUpper!.diff!.includes(" one\n+two\n"), true);
    assertEquals(onLive!.diff!.includes(" live\n+two\n"), true);
  });

  it("should meet what the base lays over the root", () => {
    const [change] = seen["over the base"].changes;
    assertEquals(change!.diff!.includes(" base\n+package\n"), true);
  });

  it("should not be those of a ball that was dropped, whose former work stays", () => {
    const found = seen["and a ball that is dropped"];
    assertEquals([changes(found), found.looked], [["created /new"], "one\nlive\n"]);
  });
});
