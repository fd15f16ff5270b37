import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { printable } from "../../lib/terminal/printable.ts";
import { compareTrees, describeOnHost, newScene, type Scene } from "../host/mod.ts";
import type { Change } from "../../lib/result/mod.ts";

/** What is there before each script. */
const FIXTURE = `
  mkdir -p /srv/t/d/e /srv/t/empty && cd /srv/t
  for name in f g d/1 d/2 d/e/3; do echo old >$name; done
  ln -s f link; ln f hard; mkfifo fifo; ln -s d dirlink
  touch "$(printf 'latin\\344')"
  chmod 644 f g; chmod 755 d`;

/** What a script does in /srv/t, and which changes that is: `kind path`, below /srv/t. */
const CHANGES: [script: string, changes: string[]][] = [
  ["true", []],
  ["touch d", []],
  ["touch fifo; touch -h link", ["attributes fifo", "attributes link"]],
  ["touch f", ["attributes f"]],
  ["sed -i s/none/other/ f", []],
  ["cp f x; mv x f", []],
  ["echo old >f", []],
  ["touch g", ["attributes g"]],
  ["touch -d @5 g", ["attributes g"]],
  ["cp -p g x; echo old >x; touch -d @7 x; mv x g", ["attributes g"]],
  ["exec 5>>g", []],
  ["exec 5<>g; exec 5>&-; chmod 644 g", []],
  ["echo old >g", []],
  ["echo old >g; touch -r empty g", ["attributes g"]],
  ["chmod 644 f; chmod 755 d", []],
  ["sed -i s/none/other/ g", []],
  ["cp g x; mv x g", []],
  ["rm g; echo old >g; chmod 644 g", []],
  ["rm link; ln -s f link", []],
  ["rm -r empty; mkdir empty", []],
  ["echo a >new; rm new; mkdir x; rmdir x", []],
  ["mv g x; mv x g", []],
  ["mv d x; mv x d", []],
  ["rm -r d; mkdir -p d/e; for n in d/1 d/2 d/e/3; do echo old >$n; done", []],
  ["chown -R root:root .", []],
  ["setfattr -n user.a -v 1 g; setfattr -x user.a g", []],
  ["chmod 600 g", ["attributes g"]],
  ["chmod 4755 g", ["attributes g"]],
  ["chmod 700 d", ["attributes d"]],
  ["chown 1:2 g", ["attributes g"]],
  ["chown -h 1:2 link", ["attributes link"]],
  ["setfattr -n user.a -v 1 g", ["attributes g"]],
  ["echo new >g", ["modified g"]],
  ["echo OLD >g", ["modified g"]],
  ["echo new >g; touch -r empty g", ["modified g"]],
  ["chmod 600 g; echo new >g", ["modified g"]],
  ["ln -sfn g link", ["modified link"]],
  ["echo a >new", ["created new"]],
  ["mkfifo new", ["created new"]],
  ["ln -s none new", ["created new"]],
  ["mkdir -p new/a; touch new/b", ["created new", "created new/a", "created new/b"]],
  ["touch 'a\nb'", ["created a\nb"]],
  ["touch \"$(printf 'b\\344')\"", ["created b\udce4"]],
  ["rm latin*", ["deleted latin\udce4"]],
  ["rm g", ["deleted g"]],
  ["rm fifo", ["deleted fifo"]],
  ["rm -r d", ["deleted d (4)"]],
  ["mv g x", ["deleted g", "created x"]],
  ["mv d x", [
    "deleted d (4)",
    "created x",
    "created x/1",
    "created x/2",
    "created x/e",
    "created x/e/3",
  ]],
  ["rm -r d; mkdir d; echo a >d/new", [
    "deleted d/1",
    "deleted d/2",
    "deleted d/e (1)",
    "created d/new",
  ]],
  ["rm g; mkdir g; touch g/a", ["replaced g", "created g/a"]],
  ["rm -r d; echo a >d", ["replaced d (4)"]],
  ["rm link; echo old >link", ["replaced link"]],
  ["rm g; mkfifo g", ["replaced g"]],
  ["ln g new", ["created new"]],
];

/** The changes of a dry dance of one script. */
async function changesOf(scene: Scene, script: string): Promise<Change[]> {
  scene.ball("a", `set -e\ncd /srv/t\n${script}\n`);
  return (await scene.dryRun().ok()).result.changes;
}

async function prepare(): Promise<Scene> {
  const scene = await newScene({ root: "ext4" });
  await scene.sh(FIXTURE);
  return scene;
}

function shown({ kind, path, contained }: Change): string {
  const name = path.startsWith("/srv/t/") ? path.slice("/srv/t/".length) : path;
  return `${kind} ${name}${contained === undefined ? "" : ` (${contained})`}`;
}

describeOnHost("the changes of a script", () => {
  it("are what differs in the end, and nothing else", async () => {
    await using scene = await prepare();
    const before = scene.host.tree();
    const wrong: unknown[] = [];
    for (const [script, wanted] of CHANGES) {
      const found = (await changesOf(scene, script)).map(shown);
      const sorted = [found.toSorted(), wanted.toSorted()].map((lines) => lines.join("; "));
      if (sorted[0] !== sorted[1]) wrong.push({ script, found, wanted });
    }
    assertEquals(wrong, []);
    assertEquals(compareTrees(before, scene.host.tree()), []);
  });

  it("show the content, but not that of secrets", async () => {
    await using scene = await prepare();
    const changes = await changesOf(
      scene,
      "echo 'x:secret-word:1::::::' >>/etc/shadow; echo plain >>g",
    );
    const [shadow, plain] = ["/etc/shadow", "/srv/t/g"].map((p) =>
      changes.find(({ path }) => path === p)
    );
    assertEquals([shadow!.kind, shadow!.secret, shadow!.diff], ["modified", true, null]);
    assertEquals([shadow!.before!.sha256, shadow!.after!.sha256], [undefined, undefined]);
    assert(!JSON.stringify(shadow).includes("secret-word"));
    // The control: content that is not secret is shown.
    assert(plain!.diff!.includes("+plain") && plain!.after!.sha256 !== undefined);
    await scene.danceInWords("--noop").omits("secret-word")
      .says("+plain", printable("/etc/shadow"));
  });
});
