import { assert, assertEquals } from "@std/assert";
import { beforeAll, it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import type { Act, Story, Told } from "./fixture.ts";
import { differences, differencesButTimes, play } from "./stories.ts";

const AGE = "; find . -depth -exec touch -h -d '2001-02-03 04:05:06.123456789' {} +";

/** A live tree, and what a ball does to it. */
const TREES: Record<string, readonly [live: string, merge: string]> = {
  content: ["echo x >f; chmod 4750 f; chown 5:6 f", "echo y >>f"],
  attributes: [
    "mkdir d; echo x >d/f; ln -s f d/l",
    "chown -hR 5:6 d; chmod 2700 d; chmod 4711 d/f; setcap cap_kill=ep d/f",
  ],
  "an ACL that comes and one that goes": [
    "mkdir d; touch f; setfacl -m u:5:rw f",
    "setfacl -b f; setfacl -d -m u:7:rx d; touch d/f",
  ],
  "attributes of users": [
    "touch f g; setfattr -n user.a -v 1 f",
    "setfattr -x user.a f; setfattr -n user.b -v 2 g; touch h; setfattr -n user.c -v 3 h",
  ],
  "a new tree": [
    "mkdir d",
    "mkdir -m 2751 d/n; echo x >d/n/f; ln d/n/f d/n/g; ln -s f d/n/l; mkfifo d/n/p; " +
    "mknod d/n/c c 1 3; chown -hR 5:6 d/n; touch -h -d @1.5 d/n/l; touch -d @2.5 d/n",
  ],
  "a deleted tree": ["mkdir -p d/e/f; touch d/g d/e/f/h; ln -s / d/root", "rm -r d"],
  "a file in place of a directory": ["mkdir -p d/e; touch d/e/f", "rm -r d; echo x >d"],
  "a directory in place of a file": ["touch d", "rm d; mkdir -m 700 d; touch d/f"],
  "a link in place of a directory": ["mkdir -p d/e x", "rm -r d; ln -s x d"],
  "an opaque directory": [
    "mkdir -p d/e; touch d/f d/e/g",
    "rm -r d; mkdir d; echo x >d/f; touch d/h",
  ],
  "a renamed directory": ["mkdir -p d/e; echo x >d/e/f", "mv d n; echo y >>n/e/f"],
  "directories that change places": [
    "mkdir d e; echo x >d/f; echo y >e/f",
    "mv d t; mv e d; mv t e",
  ],
  "a mode of what took another's place": [
    "mkdir d e; echo D >d/f; echo E >e/f",
    "rm -r e; mv d e; chmod 600 e/f",
  ],
  "a mode of one of two names": ["echo x >f; ln f g", "chmod 600 f"],
  "different owners of two names": ["echo x >f; ln f g", "chown 5 f; chown 6 g"],
  "a new name of an old file": ["mkdir d; echo x >f", "ln f d/g"],
  "two new files that have two names": ["mkdir d e", "echo x >d/f; ln d/f e/g; ln d/f e/h"],
  holes: [
    "truncate -s 64M f",
    "printf x | dd of=f bs=1M seek=9 conv=notrunc status=none; truncate -s 8M n",
  ],
  names: [
    "mkdir d; for n in $'\\xff' $'a\\nb' -rf; do echo x >\"d/$n\"; done",
    'for n in $\'\\xff\' $\'a\\nb\' -rf; do echo y >"d/$n"; ln -s "$n" "d/$n.link"; done',
  ],
  "file systems that are mounted": [
    "mkdir m; mount -t tmpfs none m; mkdir m/d; echo x | tee m/f >f",
    "echo y | tee m/f >f; rmdir m/d; echo n >m/n",
  ],
};

const merged = Object.fromEntries(
  Object.entries(TREES).map(([name, [live, merge]]) => {
    const acts: Act[] = [{ merge }, { call: "rollback" }, { call: "rollback" }];
    return [name, { live: live + AGE, acts }];
  }),
) as Record<string, Story>;

/** What makes a copy that is not the same; the comparison must see it. */
const MUTANTS: Record<string, [mutant: string, path: string]> = {
  time: ["touch -d @5 f", "/f"],
  mode: ["chmod 4644 f", "/f"],
  owner: ["chown -h 9 l", "/l"],
  attribute: ["setfattr -x user.a f", "/f"],
  content: ['t=$(stat -c %y f); echo z >f; touch -d "$t" f', "/f"],
  link: ["cp -p g t; mv t g", "/g"],
  target: ['t=$(stat -c %y l); ln -sfn y l; touch -h -d "$t" l', "/l"],
};
const mutants = Object.fromEntries(
  Object.entries({ none: [":", ""], ...MUTANTS }).map(([name, [spoil]]) => [name, {
    live: "echo x >f; ln f g; ln -s f l; setfattr -n user.a -v 1 f" + AGE,
    acts: [{ mutant: "echo y >f; ln -f f g", spoil: spoil! }],
  }]),
) as Record<string, Story>;

const SHARED = "echo x >f; ln f g; chmod 644 f";

let told: Record<string, Told>;
let spoiled: Record<string, Told>;

describeOnHost("commit", () => {
  beforeAll(async () => {
    const shared = { live: SHARED + AGE, acts: [{ merge: "chmod 600 f g" }] };
    told = await play({ ...merged, shared });
    spoiled = await play(mutants);
  });

  for (const name of Object.keys(TREES)) {
    it(`should leave the tree as the union showed it: ${name}`, () => {
      const [{ error, union, live, statuses }] = told[name]!.outcomes as [Told["outcomes"][0]];
      assertEquals(error, null);
      assertEquals(differencesButTimes(union, live), []);
      assertEquals(statuses, ["done"]);
    });

    it(`should be undone to the last nanosecond: ${name}`, () => {
      const { before, outcomes: [first, second] } = told[name]!;
      assertEquals(second!.error, null);
      assertEquals(differences(before, second!.live), []);
      // The control: there was something to undo.
      assert(differences(before, first!.live).length > 0);
    });

    it(`should be done again by undoing the undoing: ${name}`, () => {
      const { outcomes: [first, , third] } = told[name]!;
      assertEquals(third!.error, null);
      assertEquals(differencesButTimes(first!.live, third!.live), []);
    });
  }

  it("should leave names of one file together that get the same attributes", () => {
    const [{ operations, live }] = told.shared!.outcomes as [Told["outcomes"][0]];
    assertEquals(operations, ["attributes /f", "attributes /g"]);
    assertEquals(live["/g"], live["/f"]);
    assert(live["/f"]!.includes("0600"));
  });

  it("should move a tree as one, and keep the inode for attributes", () => {
    const operations = (name: string) => told[name]!.outcomes[0]!.operations;
    assertEquals(operations("a new tree"), ["add /d/n"]);
    assertEquals(operations("a deleted tree"), ["delete /d"]);
    assertEquals(operations("a file in place of a directory"), ["swap /d"]);
    assertEquals(
      new Set(operations("attributes").map((o) => o.split(" ")[0])),
      new Set(["attributes"]),
    );
  });

  it("control: the comparison sees nothing in a faithful copy", () => {
    const [{ error, union, live }] = spoiled.none!.outcomes as [Told["outcomes"][0]];
    assertEquals([error, differences(union, live)], [null, []]);
  });

  for (const [name, [, path]] of Object.entries(MUTANTS)) {
    it(`control: the comparison sees a copy with another ${name}`, () => {
      const [{ union, live }] = spoiled[name]!.outcomes as [Told["outcomes"][0]];
      assert(differences(union, live).includes(path), name);
    });
  }
});
