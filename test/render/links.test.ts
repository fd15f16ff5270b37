import { assert, assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { applyPermissions, deliverFiles, placeTemplates } from "../../lib/render/mod.ts";
import { Fixture } from "./fixture.ts";

/** A system with two users; nothing of root's in it may change. */
const SYSTEM = `
  mkdir -p etc root/.ssh home/alice/own home/bob var/tmp srv/app
  printf 'root:x:0:0::/root:/bin/sh\\nalice:x:1000:1000::/home/alice:/bin/sh\\n' >etc/passwd
  printf 'root:x:0:\\nalice:x:1000:\\n' >etc/group
  echo keys >root/.ssh/authorized_keys; echo hash >etc/shadow; echo conf >srv/app/conf
  chmod 600 etc/shadow root/.ssh/authorized_keys; chmod 1777 var/tmp
  chown -R 1000:1000 home/alice; chown -R 1001:1001 home/bob
`;
/** Everything of root's, with owner, mode, content and number of names. */
const ROOTS = "find root etc srv -printf '%p %y %U:%G %m %n %l\\n' -type f -exec cat {} + | sort";

const link = (target: string, path: string, owner: number) =>
  `ln -s ${target} ${path}; chown -h ${owner}:${owner} ${path};`;

interface Case {
  what: string;
  live: string;
  path: string;
  /** The link that the error names, with its owner's name, and what it leads to; none if followed. */
  refused?: string;
  real?: string;
}

const KEYS = "/home/alice/.ssh/authorized_keys";
const REFUSED: Case[] = [
  {
    what: "a user's absolute link to root's directory",
    live: link("/root/.ssh", "home/alice/.ssh", 1000),
    path: KEYS,
    refused: '"/home/alice/.ssh" is a symlink of user alice to "/root/.ssh" of user root',
  },
  {
    what: "a user's relative link to root's directory",
    live: link("../../root/.ssh", "home/alice/.ssh", 1000),
    path: KEYS,
    refused: '"/home/alice/.ssh" is a symlink of user alice to "/root/.ssh" of user root',
  },
  {
    what: "a link that climbs out of the tree and back",
    live: link("../../../../../../root/.ssh", "home/alice/.ssh", 1000),
    path: KEYS,
    refused: '"/home/alice/.ssh" is a symlink of user alice',
  },
  {
    what: "a link in /var/tmp",
    live: link("/srv/app", "var/tmp/app", 1000),
    path: "/var/tmp/app/conf",
    refused: '"/var/tmp/app" is a symlink of user alice to "/srv/app" of user root',
  },
  {
    what: "a user's link in /var/tmp to what is their own",
    live: link("/home/alice/own", "var/tmp/app", 1000),
    path: "/var/tmp/app/conf",
    refused: '"/var/tmp/app" is a symlink of user alice to "/home/alice/own" of user alice',
  },
  {
    what: "another user's link in a user's directory",
    live: link("/home/alice/own", "home/alice/.ssh", 1001),
    path: KEYS,
    refused: '"/home/alice/.ssh" is a symlink of user 1001',
  },
  {
    what: "a user's link to another user's directory",
    live: link("/home/bob", "home/alice/.ssh", 1000),
    path: KEYS,
    refused: "of user 1001, and only root's links are followed",
  },
  {
    what: "a chain of a user's links",
    live: link("b", "home/alice/.ssh", 1000) + link("/root/.ssh", "home/alice/b", 1000),
    path: KEYS,
    refused: '"/home/alice/b" is a symlink of user alice to "/root/.ssh"',
  },
  {
    what: "a user's link to root's link",
    live: link("/srv/l", "home/alice/.ssh", 1000) + link("/root/.ssh", "srv/l", 0),
    path: KEYS,
    refused: '"/home/alice/.ssh" is a symlink of user alice to "/root/.ssh"',
  },
  {
    what: "root's link that leads over a user's",
    live: link("/home/alice/l/.ssh", "srv/keys", 0) + link("/root", "home/alice/l", 1000),
    path: "/srv/keys/authorized_keys",
    refused: '"/home/alice/l" is a symlink of user alice to "/root"',
  },
  {
    what: "a user's link further up",
    live: link("/root", "home/alice/d", 1000),
    path: "/home/alice/d/.ssh/authorized_keys",
    refused: '"/home/alice/d" is a symlink of user alice to "/root"',
  },
];
const FOLLOWED: Case[] = [
  {
    what: "a user's link to what is their own",
    live: link("own", "home/alice/.ssh", 1000),
    path: KEYS,
    real: "/home/alice/own/authorized_keys",
  },
  {
    what: "root's link in a user's directory",
    live: link("/home/bob", "home/alice/.ssh", 0),
    path: KEYS,
    real: "/home/bob/authorized_keys",
  },
];

describe("a ball that delivers over links", () => {
  for (const { what, live, path, refused } of REFUSED) {
    it(`should be refused: ${what}`, () => {
      using tree = new Fixture();
      tree.sh(SYSTEM + live);
      const before = tree.sh(ROOTS);
      const contents = new Map([[path.slice(1), new TextEncoder().encode("new\n")]]);
      const rules = `0666 alice alice ${path}`;
      const actions = {
        files: () => deliverFiles(tree.ball({ [`files${path}`]: "new\n" }, rules), tree.target),
        templates: () =>
          placeTemplates(tree.ball({ [`templates${path}`]: "" }, rules), tree.target, contents),
        permissions: () => applyPermissions(tree.ball({}, rules), tree.target),
      };
      for (const action of Object.values(actions)) {
        const error = assertThrows(action, DiscoError, refused);
        assertEquals(error.hint, "let root own the link, or deliver to its target");
      }
      assertEquals(tree.sh(ROOTS), before);
    });
  }

  for (const { what, live, path, real } of FOLLOWED) {
    it(`should be delivered: ${what}`, () => {
      using tree = new Fixture();
      tree.sh(SYSTEM + live);
      const ball = tree.ball({ [`files${path}`]: "new\n" }, `0600 alice alice ${path}`);
      assertEquals(deliverFiles(ball, tree.target), [real]);
      assertEquals(tree.shows(real!), "0600 1000:1000 new\n");
      assertEquals(deliverFiles(ball, tree.target), []);
    });
  }

  it("should reach what is root's by the plain way (control)", () => {
    using tree = new Fixture();
    tree.sh(SYSTEM + link("../../root/.ssh", "home/alice/.ssh", 1000));
    const before = tree.sh(ROOTS);
    Deno.writeTextFileSync(tree.target + KEYS, "new\n");
    assert(tree.sh(ROOTS) !== before);
    assertEquals(tree.shows("/root/.ssh/authorized_keys"), "0600 new\n");
  });
});

describe("names that others made", () => {
  const hard = (from: string, to: string) => `ln ${from} ${to};`;
  const CASES: [what: string, live: string, rules: string, why: string][] = [
    [
      "a hard link to root's file in a user's directory",
      hard("etc/shadow", "home/alice/x"),
      "0644 alice alice /home/alice/x",
      "it has 2 names, in a directory where others than root make names",
    ],
    [
      "a hard link in /var/tmp",
      hard("etc/shadow", "var/tmp/x"),
      "0644 - - /var/tmp/x",
      "it has 2 names",
    ],
    [
      "a hard link of which the owner would stay root",
      hard("etc/shadow", "home/alice/x"),
      "0644 root root /home/alice/x",
      "it has 2 names",
    ],
    [
      "a user's link that would become root's",
      link("/etc", "home/alice/x", 1000),
      "- root root /home/alice/x",
      "it is a symlink of user alice in a directory where others than root make names",
    ],
    [
      "a hard link to root's link",
      `${link("/etc", "srv/l", 0)} ${hard("-P srv/l", "home/alice/x")}`,
      "- alice alice /home/alice/x",
      "it has 2 names",
    ],
  ];
  for (const [what, live, rules, why] of CASES) {
    it(`should get no other owner or mode: ${what}`, () => {
      using tree = new Fixture();
      tree.sh(SYSTEM + live);
      const before = tree.sh(ROOTS);
      assertThrows(() => applyPermissions(tree.ball({}, rules), tree.target), DiscoError, why);
      assertEquals(tree.sh(ROOTS), before);
    });
  }

  it("should give way to what a ball delivers, and nothing else be changed", () => {
    using tree = new Fixture();
    tree.sh(`${SYSTEM} ln etc/shadow home/alice/x; ln etc/shadow home/alice/y`);
    tree.sh(link("/etc", "home/alice/l", 1000));
    const before = tree.sh(ROOTS).replace("600 3", "600 1");
    // The content is what is there: only owner and mode differ.
    const ball = tree.ball(
      {
        "files/home/alice/x": "hash\n",
        "files/home/alice/y": "hash\n",
        "files/home/alice/l": "-> /etc",
      },
      "0644 alice alice /home/alice/x\n0644 root root /home/alice/y\n- root root /home/alice/l",
    );
    const written = deliverFiles(ball, tree.target);
    assertEquals(written, ["/home/alice/l", "/home/alice/x", "/home/alice/y"]);
    assertEquals(tree.shows("/home/alice/x"), "0644 1000:1000 hash\n");
    assertEquals(tree.sh(ROOTS), before);
    assertEquals(deliverFiles(ball, tree.target), []);
  });

  it("should not leave a file to whoever has it open", async () => {
    using tree = new Fixture();
    tree.sh(`${SYSTEM} echo new >home/alice/x; chown 1000 home/alice/x`);
    using open = await Deno.open(`${tree.target}/home/alice/x`, { write: true });
    deliverFiles(tree.ball({ "files/home/alice/x": "new\n" }), tree.target);
    open.writeSync(new TextEncoder().encode("evil"));
    assertEquals(tree.shows("/home/alice/x"), "0644 new\n");
  });

  it("should be changed where they are one user's own, or root's alone", () => {
    using tree = new Fixture();
    tree.sh(
      `${SYSTEM} touch home/alice/a; chown 1000:1000 home/alice/a; ln home/alice/a home/alice/b
      ln etc/shadow etc/shadow-; touch home/alice/c`,
    );
    const ball = tree.ball(
      {},
      "0600 - - /home/alice/a\n0640 - - /etc/shadow-\n0600 alice alice /home/alice/c",
    );
    const written = applyPermissions(ball, tree.target);
    assertEquals(written, ["/home/alice/a", "/etc/shadow-", "/home/alice/c"]);
  });

  it("should be reached by the plain way (control)", () => {
    using tree = new Fixture();
    tree.sh(`${SYSTEM} ln etc/shadow home/alice/x`);
    Deno.chmodSync(`${tree.target}/home/alice/x`, 0o644);
    assertEquals(tree.shows("/etc/shadow"), "0644 hash\n");
  });
});
