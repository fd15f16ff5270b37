import { assert, assertEquals } from "@std/assert";
import { beforeAll, it } from "@std/testing/bdd";
import type { Change } from "../../lib/result/mod.ts";
import { describeOnHost } from "../host/mod.ts";
import { inNamespace } from "../union/child.ts";
import type { Scene, Seen } from "../union/fixture.ts";

const SOCKET = `python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("s")'`;

/** `kind path [balls]`, with what is said of it. */
function shown({ kind, path, balls, contained }: Change): string {
  const below = contained === undefined ? "" : ` (${contained})`;
  return `${kind} ${path}${below} [${balls.join(" ")}]`;
}

/** One ball that runs each script; more balls are in `CHAINS`. */
const ROWS: readonly (readonly [what: string, live: string, sh: string, changes: string[]])[] = [
  ["nothing", "echo x >f", ":", []],
  ["a touch", "mkdir d; echo x >f", "touch f d", ["attributes /f [a]"]],
  ["a touch of what is written again", "echo x >f", "touch f; echo x >f", []],
  ["a chmod to the same mode", "echo x >f; chmod 640 f", "chmod 640 f", []],
  ["a chown -R that changes no owner", "mkdir d; touch d/f", "chown -R 0:0 d", []],
  ["a file written anew, the same", "echo x >f", "rm f; echo x >f", []],
  ["a file moved away and back", "echo x >f", "mv f g; mv g f", []],
  ["a tree copied over itself", "mkdir -p d/e; echo x >d/e/f", "cp -a d x; rm -r d; mv x d", []],
  ["what comes and goes", "mkdir d", "echo x >d/f; mkdir d/e; rm -r d/*", []],
  ["a new tree", "mkdir d", "mkdir -p d/e; echo x >d/e/f; ln -s f d/e/l", [
    "created /d/e [a]",
    "created /d/e/f [a]",
    "created /d/e/l [a]",
  ]],
  ["new types", ":", "mkfifo p; mknod c c 1 3; mknod b b 7 1; ln -s no l", [
    "created /b [a]",
    "created /c [a]",
    "created /l [a]",
    "created /p [a]",
  ]],
  ["another device", "mknod c c 1 3", "rm c; mknod c c 1 5", ["modified /c [a]"]],
  ["the same device", "mknod c c 1 3", "rm c; mknod c c 1 3", []],
  ["another target", "ln -s x l", "ln -sfn y l", ["modified /l [a]"]],
  ["content", "echo x >f", "echo y >f", ["modified /f [a]"]],
  ["content and mode", "echo x >f", "echo y >f; chmod 600 f", ["modified /f [a]"]],
  ["a directory's mode", "mkdir d", "chmod 700 d", ["attributes /d [a]"]],
  ["a link's owner", "ln -s x l", "chown -h 5 l", ["attributes /l [a]"]],
  ["setuid that a chown takes", "touch f; chmod 4755 f", "chown 5 f; chown 0 f", [
    "attributes /f [a]",
  ]],
  ["an ACL", "touch f", "setfacl -m u:5:r f", ["attributes /f [a]"]],
  ["a capability", "touch f", "setcap cap_kill=ep f", ["attributes /f [a]"]],
  ["an attribute of users", "touch f; setfattr -n user.a -v 1 f", "setfattr -x user.a f", [
    "attributes /f [a]",
  ]],
  ["a file that becomes a directory", "touch x", "rm x; mkdir x; touch x/f", [
    "replaced /x [a]",
    "created /x/f [a]",
  ]],
  ["a directory that becomes a file", "mkdir -p x/y; touch x/y/z", "rm -r x; touch x", [
    "replaced /x (2) [a]",
  ]],
  ["a directory that becomes a link", "mkdir -p x y", "rmdir x; ln -s y x", [
    "replaced /x (0) [a]",
  ]],
  ["a file that becomes a link", "touch x", "ln -sf y x", ["replaced /x [a]"]],
  ["a deleted tree", "mkdir -p d/e; touch d/e/f d/g", "rm -r d", ["deleted /d (3) [a]"]],
  ["an opaque directory", "mkdir -p d/e; touch d/e/f d/g", "rm -r d; mkdir d; touch d/h d/g", [
    "deleted /d/e (1) [a]",
    "created /d/h [a]",
  ]],
  ["a renamed directory", "mkdir d; echo x >d/f", "mv d e", [
    "deleted /d (1) [a]",
    "created /e [a]",
    "created /e/f [a]",
  ]],
  [
    "directories that change places, and one file is as it was",
    "mkdir d e; echo x >d/f; echo y >e/f; echo z | tee d/same >e/same",
    "mv d t; mv e d; mv t e",
    ["modified /d/f [a]", "modified /e/f [a]"],
  ],
  // Their metadata is a copy of another file's than the one that is there live.
  [
    "a mode below a directory that took the place of another",
    "mkdir d e; echo D >d/f; echo E >e/f",
    "rm -r e; mv d e; chmod 600 e/f",
    ["deleted /d (1) [a]", "modified /e/f [a]"],
  ],
  [
    "a mode of a file that took the place of another",
    "echo D >d; echo E >e",
    "mv d e; chmod 600 e",
    [
      "deleted /d [a]",
      "modified /e [a]",
    ],
  ],
  ["a new name", "echo x >f", "ln f g", ["created /g [a]"]],
  ["content of a file with two names", "echo x >f; ln f g", "echo y >f", ["modified /f [a]"]],
  ["a name with a newline, not UTF-8", ":", "touch -- $'-a\\n\\xff'", ["created /-a\n\udcff [a]"]],
  ["deleted odd names", "mkdir d; touch -- $'d/\\xff' d/-rf $'d/\\n'", "rm -- d/*", [
    "deleted /d/\n [a]",
    "deleted /d/-rf [a]",
    "deleted /d/\udcff [a]",
  ]],
];

/** Several balls. */
const CHAINS: readonly (readonly [
  what: string,
  live: string,
  steps: Scene["steps"],
  changes: string[],
])[] = [
  ["what a later ball takes back", "echo x >f; mkdir d", [
    { ball: "a", sh: "touch n; echo y >f; touch d/n; ln -s x l" },
    { ball: "b", sh: "rm n d/n l; echo x >f" },
  ], []],
  ["every ball that had a hand in it", "echo x >f", [
    { ball: "a", sh: "echo y >f" },
    { ball: "b", sh: ":" },
    { ball: "c", sh: "chmod 600 f" },
  ], ["modified /f [a c]"]],
  ["a mode that one ball sets and the next takes back", "echo x >f; chmod 644 f", [
    { ball: "a", sh: "chmod 600 f" },
    { ball: "b", sh: "chmod 644 f" },
  ], []],
  [
    "a directory that moved in one layer and a mode that changed in the next",
    "mkdir d e; echo D >d/f; echo E >e/f",
    [
      { ball: "a", sh: "rm -r e; mv d e" },
      { ball: "b", sh: "chmod 600 e/f" },
    ],
    ["deleted /d (1) [a]", "modified /e/f [b]"],
  ],
  [
    "a mode that changed in one layer and a directory that moved in the next",
    "mkdir d e; echo D >d/f; echo E >e/f",
    [
      { ball: "a", sh: "chmod 600 e/f" },
      { ball: "b", sh: "rm -r e; mv d e" },
    ],
    ["deleted /d (1) [b]", "modified /e/f [a]"],
  ],
  ["a directory that one ball changes and the next deletes", "mkdir -p d/e; touch d/e/f", [
    { ball: "a", sh: "echo x >d/e/f; touch d/e/n" },
    { ball: "b", sh: "rm -r d" },
  ], ["deleted /d (2) [a b]"]],
  ["a directory that one ball changes and the next replaces", "mkdir -p d/e; touch d/e/f", [
    { ball: "a", sh: "echo x >d/e/f" },
    { ball: "b", sh: "rm -r d; touch d" },
  ], ["replaced /d (2) [a b]"]],
  ["what was sealed", "echo x >f", [
    { ball: "a", sh: "touch one" },
    { call: "seal" },
    { ball: "a", sh: "touch two" },
  ], ["created /one [a]", "created /two [a]"]],
  ["nothing that was dropped", "mkdir d; touch d/f", [
    { ball: "a", sh: "touch one" },
    { call: "seal" },
    { ball: "a", sh: "rm -r d; touch two" },
    { call: "drop" },
    { ball: "a", sh: "touch three" },
  ], ["created /one [a]", "created /three [a]"]],
  ["nothing of a ball that was dropped", "touch f", [
    { ball: "a", sh: "touch one" },
    { ball: "b", sh: "rm f one" },
    { call: "seal" },
    { ball: "b", sh: "touch two" },
    { call: "dropBall", ball: "b" },
    { ball: "c", sh: "touch three" },
  ], ["created /one [a]", "created /three [c]"]],
];

const FURTHER: Record<string, Scene> = {
  sparse: {
    live: "truncate -s 512M f; printf x | dd of=f seek=511 bs=1M conv=notrunc status=none",
    steps: [{ ball: "a", sh: "chmod 600 f; chown 5:6 f" }],
  },
  copied: {
    live: "head -c 20M /dev/urandom >f",
    steps: [{ ball: "a", sh: "printf x >>f" }],
  },
  link: { live: "echo x >f", steps: [{ ball: "a", sh: "ln f g; echo n >n; ln n o" }] },
  socket: { live: "touch f", steps: [{ ball: "a", sh: SOCKET }] },
  "socket in place of a file": { live: "touch s", steps: [{ ball: "a", sh: `rm s; ${SOCKET}` }] },
  "socket that was there": { live: SOCKET, steps: [{ ball: "a", sh: "chmod 600 s" }] },
  details: {
    live: "printf 'a\\nb\\n' >f; chmod 644 f; touch -d @1234567890.123456789 f",
    steps: [{ ball: "a", sh: "printf 'a\\nc\\n' >f; chown 5:6 f; setfattr -n user.n -v v f" }],
  },
  binary: { live: "printf 'a\\0' >f", steps: [{ ball: "a", sh: "printf 'b\\0' >f" }] },
  secret: { live: "echo hunter2 >f", steps: [{ ball: "a", sh: "echo hunter3 >f" }], secret: "/f" },
  accounts: {
    live: "mkdir etc; echo 'old:x:5:' | tee etc/passwd >etc/group; touch f; chown 5:5 f",
    steps: [{ ball: "a", sh: "sed -i s/old/new/ etc/passwd; chmod 600 f" }],
  },
  mounted: {
    live: "mkdir m; mount -t tmpfs none m; echo x >m/f",
    steps: [{ ball: "a", sh: "echo y >m/f; mkdir m/d; chmod 700 m" }],
  },
};

let rows: Seen[];
let chains: Seen[];
let further: Map<string, Seen>;

describeOnHost("computeChanges", () => {
  beforeAll(async () => {
    const scenes: Scene[] = [
      ...ROWS.map(([, live, sh]) => ({ live, steps: [{ ball: "a", sh }] })),
      ...CHAINS.map(([, live, steps]) => ({ live, steps })),
      ...Object.values(FURTHER),
    ];
    const program = new URL("../union/fixture.ts", import.meta.url);
    const seen = await inNamespace<Seen[]>(program, scenes);
    rows = seen.slice(0, ROWS.length);
    chains = seen.slice(ROWS.length, -Object.keys(FURTHER).length);
    const rest = seen.slice(ROWS.length + CHAINS.length);
    further = new Map(Object.keys(FURTHER).map((name, i) => [name, rest[i]!]));
  });

  for (const [i, [what, , , changes]] of ROWS.entries()) {
    it(`should find ${what}`, () => assertEquals(rows[i]!.changes.map(shown), changes));
  }

  for (const [i, [what, , , changes]] of CHAINS.entries()) {
    it(`should find, over several layers, ${what}`, () => {
      assertEquals(chains[i]!.changes.map(shown), changes);
    });
  }

  it("should find a changed mode and owner of 512 MB without a copy of them", () => {
    const { changes, used } = further.get("sparse")!;
    assertEquals(changes.map(shown), ["attributes /f [a]"]);
    const [{ before, after }] = changes as [Change];
    assertEquals([before!.size, after!.size], [2 ** 29, 2 ** 29]);
    assertEquals([after!.mode, after!.uid, after!.gid], ["0600", 5, 6]);
    // The control has a hundredth of the data, and it is there.
    assert(used < 100, `${used} KiB were copied`);
    assert(further.get("copied")!.used > 20_000);
  });

  it("should say which names are one file, those that did not change among them", () => {
    const { linked } = further.get("link")!;
    assertEquals(linked.map((names) => names.toSorted()).toSorted(), [["/f", "/g"], ["/n", "/o"]]);
  });

  it("should skip a socket and say so, unless it was there", () => {
    for (const [name, skipped] of [["socket", ["/s"]], ["socket that was there", []]] as const) {
      const seen = further.get(name)!;
      assertEquals([seen.changes, seen.skipped.map(({ path }) => path)], [[], skipped]);
    }
    // A file in its place stays, and that is said.
    const { changes, skipped } = further.get("socket in place of a file")!;
    assertEquals([changes, skipped.map(({ path }) => path)], [[], ["/s"]]);
  });

  it("should tell all of a file, before and after", () => {
    const [{ before, after, diff, binary }] = further.get("details")!.changes as [Change];
    const { mtime, ...old } = before!;
    const { mtime: _, ...now } = after!;
    const common = { type: "file", owner: null, group: null, size: 4, mode: "0644" };
    assertEquals(old as unknown, {
      ...common,
      uid: 0,
      gid: 0,
      sha256: "911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2",
      xattrs: {},
    });
    assertEquals([now.uid, now.gid, now.xattrs], [5, 6, { "user.n": btoa("v") }]);
    assertEquals(mtime, "2009-02-13T23:31:30.123456789Z");
    assertEquals([diff, binary], ["--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n", undefined]);
    assert(old.sha256 !== now.sha256);
  });

  it("should have no diff of binary content, and say so", () => {
    const [{ diff, binary }] = further.get("binary")!.changes as [Change];
    assertEquals([diff, binary], [null, true]);
  });

  it("should tell nothing of a secret, not even its hash", () => {
    const { changes } = further.get("secret")!;
    assertEquals(changes.map(({ secret, diff }) => [secret, diff]), [[true, null]]);
    assertEquals(/hunter|sha256|aHVudGVy/.test(JSON.stringify(changes)), false);
    // The control: what is no secret has both.
    assertEquals(/\+c.*|sha256/.test(JSON.stringify(further.get("details")!.changes)), true);
  });

  it("should call owners by the names of the tree, as they are before and after", () => {
    const { changes } = further.get("accounts")!;
    const { before, after } = changes.find(({ path }) => path === "/f")!;
    assertEquals([before!.owner, before!.group], ["old", "old"]);
    assertEquals([after!.owner, after!.group], ["new", "old"]);
  });

  it("should find what was changed on a file system that is mounted in the root", () => {
    assertEquals(further.get("mounted")!.changes.map(shown), [
      "attributes /m [a]",
      "created /m/d [a]",
      "modified /m/f [a]",
    ]);
  });
});
