import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { beforeAll, it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import type { Act, Outcome, Story, Told } from "./fixture.ts";
import { differences, play } from "./stories.ts";

const AGE = "; find . -depth -exec touch -h -d '2001-02-03 04:05:06' {} + || :";
const FILES = "mkdir -p data/d etc; for f in data/f data/d/f etc/x; do echo old >$f; done; ";
const FS = "mkdir fs; mount -t tmpfs none fs; ";

/** Files that come in a new tree, and where they are seen. */
const NEW = ["/n/1/2/3/f", "/n/5/f", "/n/1/2/l"];
const ROOTS = ["/a", "/b", "/data"];

/** Hosts on which one folder is at two places, and a merge through one of them and beside it. */
const TWICE: Record<string, readonly [live: string, merge: string, changed: readonly string[]]> = {
  "a folder, twice": [
    FILES + "echo l >data/l; mkdir a b; mount --bind data a; mount --bind data b",
    "echo new >a/f; rm a/d/f; echo new >etc/x; mkdir -p a/n/{1/2/3/4,5/6}; echo n >a/n/1/2/3/f; " +
    "ln a/n/1/2/3/f a/n/5/f; ln a/l a/n/1/2/l",
    [
      ...[
        "/etc/x",
        "/a/f",
        "/b/f",
        "/data/f",
        ...NEW.flatMap((path) => ROOTS.map((r) => r + path)),
      ],
    ],
  ],
  "a folder of another file system, twice": [
    `${FS}cd fs; ${FILES}cd ..; mkdir a b etc; echo old >etc/x; ` +
    "mount --bind fs/data a; mount --bind fs/data b",
    "echo new >a/f; rm a/d/f; echo new >etc/x",
    ["/a/f", "/b/f", "/fs/data/f", "/etc/x"],
  ],
  "a folder, and a folder in it": [
    FILES + "mkdir a b; mount --bind data a; mount --bind data/d b",
    "echo new >a/f; echo new >b/f; echo new >etc/x",
    ["/a/f", "/a/d/f", "/b/f", "/data/f", "/data/d/f", "/etc/x"],
  ],
  "a file system, and a folder of it": [
    `${FS}cd fs; ${FILES}cd ..; mkdir a; mount --bind fs/data/d a`,
    "echo new >a/f; echo new >fs/etc/x",
    ["/a/f", "/fs/data/d/f", "/fs/etc/x"],
  ],
  "the root itself": [
    FILES + "mkdir self; mount --bind . self",
    "echo new >self/data/f; echo new >etc/x",
    ["/data/f", "/etc/x", "/self/data/f", "/self/etc/x"],
  ],
};

/** Changes of one file through both of its places. */
const BOTH: Record<string, string> = {
  "the same file": "echo 1 >a/f; echo 2 >b/f",
  "the same new file": "echo 1 >a/n; echo 2 >b/n",
  "a directory, and a file in it": "rm -r a/d; echo 2 >b/d/f",
  "a file, and the folder that is mounted": "echo 1 >data/f; echo 2 >b/f",
  "attributes of one directory": "chmod 700 a/d; chmod 711 b/d",
  "attributes of the folder itself": "chmod 700 a; chmod 711 b",
};

/** A file system whose root directory is a user's, and what he has put there. */
const MINE = "mkdir m; mount -t tmpfs none m; mkdir m/d; echo old >m/f; chown -R 1000:1000 m";
const TAKEN: Record<string, string> = {
  "a file": "touch m/.disco; chown 1000 m/.disco",
  "a link": "mkdir victim; ln -s ../victim m/.disco",
  "a link to nowhere": "ln -s /nowhere m/.disco",
  "a directory of his": "mkdir -m 700 m/.disco; touch m/.disco/his; chown -R 1000 m/.disco",
  "a directory of root that others may read": "mkdir -m 755 m/.disco; touch m/.disco/theirs",
  "a FIFO": "mkfifo m/.disco",
  "a file system": "mkdir -m 700 m/.disco; mount -t tmpfs -o mode=700 none m/.disco",
};
const BALL = "echo new >m/f; echo new >m/n; rmdir m/d";
const AWAY = "mv m/.disco m/away";
/** What looks like DISCO's at its name, and is root's; a user can have moved it there. */
const FAKE = `${AWAY}; mkdir -p m/.disco/20260101T000001Z-000001; chmod -R 700 m/.disco; ` +
  "echo precious >m/.disco/20260101T000001Z-000001/0; mkdir m/.disco/other; chown 1000 m";
const THERE = "cat m/.disco/20260101T000001Z-000001/0";
const LINKED = `${AWAY}; mkdir -p v/20260101T000001Z-000001; touch v/20260101T000001Z-000001/0; ` +
  'ln -s "$PWD/v" m/.disco';
const ROLLBACK: Act = { call: "rollback" };
const RECOVER: Act = { call: "recover" };
const OTHER: Act[] = [{ merge: "echo other >g" }, { merge: "echo another >g" }];

const stories: Record<string, Story> = {
  ...table("twice", TWICE, ([live, merge]) => [live, [{ merge }, ROLLBACK, ROLLBACK]]),
  ...table("both", BOTH, (merge) => [TWICE["a folder, twice"]![0], [{ merge }]]),
  ...table("taken", TAKEN, (taken) => [`${MINE}; ${taken}`, [{ merge: BALL }, ROLLBACK]]),
  ...table("late", { AWAY, FAKE, LINKED }, (late) => [MINE, [{ merge: BALL, late }, ROLLBACK]]),
  ...table("cut", { AWAY, FAKE, LINKED }, (sh) => [MINE, [
    { merge: BALL, cutOff: "after commit" },
    { sh },
    RECOVER,
    ROLLBACK,
  ]]),
  ...table("dropped", { AWAY, FAKE, LINKED }, (sh) => [MINE, [
    { merge: BALL, cutOff: "before commit" },
    { sh },
    RECOVER,
    { sh: sh === FAKE ? THERE : ":" },
  ]]),
  ...table("pruned", { AWAY, FAKE, LINKED }, (sh) => [MINE, [
    { merge: BALL },
    { sh },
    ...OTHER,
    { call: "prune" },
    { sh: sh === FAKE ? THERE : ":" },
  ]]),
  ...table("gone", { GONE: "umount m" }, (sh) => [`${MINE}; echo x >g`, [
    { merge: `${BALL}; echo new >g`, cutOff: "after commit" },
    { sh },
    RECOVER,
    { call: "give up" },
    RECOVER,
    { merge: "echo newer >g" },
    ROLLBACK,
  ]]),
  old: story(`${MINE}; echo old >g`, [
    { merge: `${BALL}; echo new >g` },
    { call: "age" },
    ROLLBACK,
    ROLLBACK,
    { merge: "echo last >g" },
    { call: "prune" },
  ]),
  "old, cut off": story(`${MINE}; echo old >g`, [
    { merge: `${BALL}; echo new >g`, cutOff: "after commit" },
    { call: "age" },
    RECOVER,
    ROLLBACK,
  ]),
  "in its folder": story(MINE, [{ merge: "mkdir -p m/.disco; echo x >m/.disco/x" }]),
  "nothing there": story(MINE, [{ merge: "echo new >g" }, { merge: "chmod 600 m/f" }]),
};

function story(live: string, acts: Act[]): Story {
  return { live: live + AGE, acts };
}

function table<T>(
  kind: string,
  rows: Record<string, T>,
  make: (row: T) => [live: string, acts: Act[]],
): Record<string, Story> {
  return Object.fromEntries(
    Object.entries(rows).map(([name, row]) => [`${kind}: ${name}`, story(...make(row))]),
  );
}

let told: Record<string, Told>;

/** The outcomes of a story; none may have failed. */
function well(name: string): Outcome[] {
  const outcomes = told[name]!.outcomes as Outcome[];
  assertEquals(outcomes.map(({ error }) => error), outcomes.map(() => null), name);
  return outcomes;
}

/** Paths whose entry differs, without directories, whose times are those of the merge. */
function changedFiles(a: Outcome["live"], b: Outcome["live"]): string[] {
  return differences(a, b).filter((path) => !/^directory/.test(b[path] ?? a[path]!));
}

const isNew = ({ live }: Outcome) => "/m/n" in live && !("/m/d" in live);

describeOnHost("a folder at two places", () => {
  beforeAll(async () => void (told = await play(stories)));

  for (const [name, [, , changed]] of Object.entries(TWICE)) {
    it(`should be merged through one of them, undone, and done again: ${name}`, () => {
      const { before } = told[`twice: ${name}`]!;
      const [merged, undone, again] = well(`twice: ${name}`) as [Outcome, Outcome, Outcome];
      const seen = changedFiles(before, merged.live).filter((path) => path in merged.live);
      assertEquals(seen, [...changed].sort());
      assertEquals(changedFiles(before, undone.live), []);
      assertEquals(changedFiles(merged.live, again.live), []);
    });
  }

  for (const name of Object.keys(BOTH)) {
    it(`should not be changed through both: ${name}`, () => {
      const { before, outcomes: [outcome] } = told[`both: ${name}`]!;
      assertStringIncludes(outcome!.error ?? "", "one directory is mounted at two places");
      assertEquals([differences(before, outcome!.live), outcome!.left], [[], []]);
    });
  }
});

describeOnHost("staging in a user's directory", () => {
  beforeAll(async () => void (told ??= await play(stories)));

  for (const name of Object.keys(TAKEN)) {
    it(`should take another name where there is ${name}, and leave that alone`, () => {
      const { before } = told[`taken: ${name}`]!;
      const [merged, undone] = well(`taken: ${name}`) as [Outcome, Outcome];
      assert(isNew(merged));
      assertEquals(changedFiles(before, undone.live).filter((p) => !p.includes("/.disco-")), []);
    });
  }

  for (const how of ["AWAY", "FAKE", "LINKED"]) {
    it(`should be found by what it is when he does ${how} after the commit`, () => {
      const [merged, undone] = well(`late: ${how}`) as [Outcome, Outcome];
      assert(isNew(merged) && !isNew(undone));
      assertEquals(merged.statuses, ["done"]);
    });

    it(`should be found by the recovery after ${how}`, () => {
      const [cut, , recovered, undone] = well(`cut: ${how}`) as [
        Outcome,
        Outcome,
        Outcome,
        Outcome,
      ];
      assert(!isNew(cut) && isNew(recovered) && !isNew(undone));
    });

    it(`should be emptied after ${how}, and nothing else be removed`, () => {
      for (const when of ["dropped", "pruned"]) {
        const last = well(`${when}: ${how}`).at(-1)!;
        const names = Object.keys(last.live).filter((path) => path.startsWith("/m/away/"));
        assertEquals(names, [], when);
        if (how === "LINKED") assert("/v/20260101T000001Z-000001/0" in last.live, when);
      }
    });
  }

  it("should not be changed by a ball", () => {
    const { before, outcomes: [outcome] } = told["in its folder"]!;
    assertMatch(outcome!.error!, /"\/m\/\.disco".*kept for DISCO's own staging.*ball "a"/);
    assertEquals(differences(before, outcome!.live), []);
  });

  it("should not be there at all where nothing needs it", () => {
    const { before } = told["nothing there"]!;
    const [elsewhere, attributes] = well("nothing there") as [Outcome, Outcome];
    assertEquals(
      differences(before, elsewhere.live),
      ["/g"].concat(
        differences(before, elsewhere.live).filter((path) => path === ""),
      ).sort(),
    );
    assertEquals(differences(elsewhere.live, attributes.live), ["/m/f"]);
  });
});

describeOnHost("a generation of the first version", () => {
  beforeAll(async () => void (told ??= await play(stories)));

  it("should be undone, and be done again, and be removed", () => {
    const { before } = told.old!;
    const [merged, , undone, again, , pruned] = well("old") as unknown as Required<
      [Outcome, Outcome, Outcome, Outcome, Outcome, Outcome]
    >;
    assert(isNew(merged));
    assertEquals(changedFiles(before, undone.live), []);
    assertEquals(changedFiles(merged.live, again.live), []);
    assertEquals(pruned.left.filter((name) => name.startsWith("/")), []);
  });

  it("should be finished by the recovery", () => {
    const { before } = told["old, cut off"]!;
    const [cut, , recovered, undone] = well("old, cut off") as unknown as Required<
      [Outcome, Outcome, Outcome, Outcome]
    >;
    assert(!isNew(cut) && isNew(recovered));
    assertEquals(changedFiles(before, undone.live), []);
  });
});

describeOnHost("what cannot be recovered", () => {
  beforeAll(async () => void (told ??= await play(stories)));

  it("should be given up by name, path by path, and let later dances go on", () => {
    const outcomes = told["gone: GONE"]!.outcomes;
    assertMatch(outcomes[2]!.error!, /taking the merge back failed|Cannot find the staging folder/);
    assertEquals(outcomes[3]!.error, null);
    assertStringIncludes(outcomes[3]!.said.join("\n"), "gave up the merge");
    assertEquals(outcomes[3]!.said.filter((line) => line.startsWith("/")).length, 4);
    assertEquals(outcomes[3]!.statuses, ["given-up"]);
    assertEquals(outcomes.slice(4).map(({ error }) => error), [null, null, null]);
  });
});
