import { assert, assertEquals, assertMatch } from "@std/assert";
import { beforeAll, it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import type { Act, Outcome, Story, Told } from "./fixture.ts";
import { differences, differencesButTimes, play } from "./stories.ts";

const TREE = "mkdir -p a d t/t u/u; for f in a/f d/f d/g f t/t/f u/u/f; do echo old >$f; done; " +
  "find . -depth -exec touch -d @1000000000.123456789 {} +";
const BALL =
  "echo new >a/f; echo new >d/f; rm d/g; echo new >d/n; chmod 600 f; rm -r t; rm -r u; ln -s t u";

/** What somebody else does while the ball runs; `path` is what the error names. */
const CONFLICTS: Record<string, readonly [meanwhile: string, path: string]> = {
  "edits a file": ["echo other >d/f", "/d/f"],
  "replaces a file": ["echo old >d/t; mv d/t d/f", "/d/f"],
  "touches a file": ["touch -d @1000000000.123456789 d/f", "/d/f"],
  "edits a file that the ball deletes": ["echo other >d/g", "/d/g"],
  "deletes a file": ["rm d/f", "/d/f"],
  "deletes a file that the ball deletes, too": ["rm d/g", "/d/g"],
  "creates the file that the ball creates": ["echo other >d/n", "/d/n"],
  "changes the mode that the ball changes": ["chmod 640 f", "/f"],
  "edits a file in a directory that the ball deletes": ["echo other >t/t/f", "/t"],
  "makes a file in a directory that the ball replaces": ["touch u/u/n", "/u"],
  "deletes the directory": ["rm -r d", "/d/f"],
  "puts a link in place of the directory": ["mv d e; ln -s e d", "/d/f"],
};

/** What somebody else does between the journal and the first operation. */
const LATE: Record<string, string> = {
  "replaces a file": "echo other >d/t; mv d/t d/f",
  "edits a file": "echo other >d/f",
  "deletes a file": "rm d/f",
  "creates the file that the ball creates": "echo other >d/n",
  "replaces the file whose mode the ball changes": "cp -p f x; mv x f",
  "changes the mode that the ball changes": "chmod 604 f",
  "deletes the directory": "rm -r d",
  "puts a link in place of the directory": "mv d e; ln -s e d",
};

/** What the union refuses already, because overlayfs keeps such flags. */
const FLAGS: Record<string, string> = {
  "an immutable file": "chattr +i d/f",
  "an append-only file": "chattr +a d/f",
  "an immutable directory": "chattr +i d",
};

const JOURNAL = "generations/*/journal.json";

const stories = {
  ...fromEntries("conflict", CONFLICTS, ([meanwhile]) => [{ merge: BALL, meanwhile }]),
  ...fromEntries("late", LATE, (late) => [{ merge: BALL, late }, { call: "recover" }]),
  bystander: story([{ merge: BALL, meanwhile: "echo other >a/g" }]),
  "before commit": story([{ merge: BALL, cutOff: "before commit" }, { call: "recover" }]),
  "after commit": story([{ merge: BALL, cutOff: "after commit" }, { call: "recover" }, {
    call: "recover",
  }]),
  damaged: story([{ merge: BALL, cutOff: "after commit" }, {
    state: `sed -i s/swap/swaq/ ${JOURNAL}`,
  }, { call: "recover" }]),
  "cut short": story([{ merge: BALL, cutOff: "after commit" }, {
    state: `truncate -s -70 ${JOURNAL}`,
  }, { call: "recover" }]),
  hopeless: story([
    { merge: BALL, cutOff: "after commit" },
    { sh: "chattr +i d; chattr +i a" },
    ...Array<Act>(4).fill({ call: "recover" }),
  ]),
  "changed since": story([
    { merge: BALL },
    { sh: "echo other >d/n" },
    { call: "rollback" },
    { call: "force" },
  ]),
  "attributes changed hands": story([
    { merge: "chmod 600 f" },
    { sh: "cp -p f x; mv x f" },
    { call: "rollback" },
  ]),
  pruned: story([
    { merge: BALL },
    { call: "rollback" },
    { call: "prune" },
    { call: "rollback" },
    { merge: "echo last >f" },
    { call: "prune" },
  ]),
  ...fromEntries("flag", FLAGS, (flag) => [{ sh: flag }, { merge: BALL }]),
  "replaced since": story([
    { merge: BALL },
    { sh: "echo other >d/t; mv d/t d/f; rm a/f; echo other >d/g" },
    { call: "force" },
    { call: "force" },
  ]),
};

function story(acts: Act[]): Story {
  return { live: TREE, acts };
}

function fromEntries<T>(
  kind: string,
  table: Record<string, T>,
  acts: (row: T) => Act[],
): Record<string, Story> {
  return Object.fromEntries(
    Object.entries(table).map(([name, row]) => [`${kind}: ${name}`, story(acts(row))]),
  );
}

/** BALL has been merged. */
const isMerged = ({ live }: Outcome) => "/d/n" in live && !("/d/g" in live);

let told: Record<string, Told>;

/** As many as the longest story has; those of a shorter one are not looked at. */
type Outcomes = readonly [Outcome, Outcome, Outcome, Outcome, Outcome, Outcome];

function outcomes(name: string): Outcomes {
  return told[name]!.outcomes as unknown as Outcomes;
}

describeOnHost("a merge that is disturbed", () => {
  beforeAll(async () => void (told = await play(stories)));

  for (const [name, [, path]] of Object.entries(CONFLICTS)) {
    it(`should change nothing when somebody else ${name}`, () => {
      const [{ error, left, statuses, live }] = outcomes(`conflict: ${name}`);
      assertEquals(
        error,
        `ConflictError: Cannot merge "${path}": another process has changed it during the dance`,
      );
      assertEquals([left, statuses, "/d/n" in live && name.includes("creates") === false], [
        [],
        [],
        false,
      ]);
    });
  }

  it("control: should not mind what somebody else does beside it", () => {
    const [outcome] = outcomes("bystander");
    assertEquals([outcome.error, isMerged(outcome), "/a/g" in outcome.live], [null, true, true]);
  });

  for (const name of Object.keys(LATE)) {
    it(`should take all back, and leave theirs, when somebody else ${name} in the last moment`, () => {
      const { before } = told[`late: ${name}`]!;
      const [{ error, statuses, live }, recovered] = outcomes(`late: ${name}`);
      assert(error !== null && !error.includes("failed, too"), `${error}`);
      assertEquals(statuses, ["undone"]);
      // What the ball alone has touched is as it was.
      const own = ["/a", "/a/f", ...name.includes("mode") ? [] : ["/f"]];
      assertEquals(differences(before, live).filter((path) => own.includes(path)), []);
      assertEquals([recovered.error, recovered.said, recovered.live], [null, [], live]);
    });
  }

  for (const name of Object.keys(FLAGS)) {
    it(`should not even come to the merge with ${name}`, () => {
      const { before } = told[`flag: ${name}`]!;
      const [, { error, left, live }] = outcomes(`flag: ${name}`);
      assertMatch(error!, /Operation not permitted/);
      assertEquals(left, []);
      assertEquals(differences(before, live).length, 1, "the flag itself");
    });
  }
});

describeOnHost("recover", () => {
  beforeAll(async () => void (told ??= await play(stories)));

  it("should drop what was not committed", () => {
    const { before } = told["before commit"]!;
    const [, { error, said, live, left }] = outcomes("before commit");
    assertEquals(error, null);
    assertEquals(said, ["dropped the merge 20260101T000001Z-000001: it was not committed"]);
    assertEquals([differences(before, live), left], [[], []]);
  });

  it("should finish what was committed, once", () => {
    const [cut, { error, said, live, statuses }, again] = outcomes("after commit");
    assertEquals([isMerged(cut), cut.statuses], [false, ["pending"]]);
    assertEquals([error, said], [null, ["finished the merge 20260101T000001Z-000001"]]);
    assertEquals([differencesButTimes(cut.union, live), statuses], [[], ["done"]]);
    assertEquals([again.said, again.live], [[], live]);
  });

  for (const name of ["damaged", "cut short"]) {
    it(`should touch nothing if the journal is ${name}`, () => {
      const { before } = told[name]!;
      const [, , { error, live }] = outcomes(name);
      assertMatch(error!, /^DiscoError: Cannot read ".*journal.json": its hash does not match/);
      assertEquals(differences(before, live), []);
    });
  }

  it("should stop after three attempts and say what a person must do", () => {
    const [, , ...tries] = outcomes("hopeless");
    assertEquals(tries.map(({ error }) => /was tried 3 times/.test(error!)), [
      false,
      false,
      false,
      true,
    ]);
  });
});

describeOnHost("rollback", () => {
  beforeAll(async () => void (told ??= await play(stories)));

  it("should name what was changed since, and need to be forced", () => {
    const { before } = told["changed since"]!;
    const [, edited, { error, live }, forced] = outcomes("changed since");
    assertMatch(error!, /changed since then: "\/d\/n"$/);
    assertEquals(live, edited.live);
    assertEquals(forced.error, null);
    assertEquals(differencesButTimes(before, forced.live), []);
  });

  it("should put back what was replaced since when forced, and keep theirs for the way back", () => {
    const { before } = told["replaced since"]!;
    const [, theirs, forced, back] = outcomes("replaced since");
    assertEquals([forced.error, differencesButTimes(before, forced.live)], [null, []]);
    assertEquals([back.error, differencesButTimes(theirs.live, back.live)], [null, []]);
  });

  it("should give attributes back to the file that is there now", () => {
    const { before } = told["attributes changed hands"]!;
    const [, , { error, live }] = outcomes("attributes changed hands");
    assertEquals(error, null);
    assertEquals(differencesButTimes(before, live), []);
  });

  it("should be undone even after its generation's time, as long as it is the newest", () => {
    const [merged, , , redone, , last] = outcomes("pruned");
    assertEquals(redone.error, null);
    assertEquals(differencesButTimes(merged.live, redone.live), []);
    // The control: what nothing needs any more is gone.
    assertEquals(last.left.length, 1);
  });
});
