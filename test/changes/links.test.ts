import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import type { BallFiles } from "../host/scene.ts";

const WORD = "of the host";

/** Files of the host that nothing of a diff may show, and a link of a user's to them. */
const FIXTURE = `
  mkdir -p /run/x /srv/live /home/alice; umask 022
  for d in /run/x /srv/live /root /etc; do echo "${WORD}" >$d/token; done
  chmod 644 /root/token; chmod 755 /root
  ln -s /root /home/alice/d; chown -h 1000 /home/alice/d`;

const WRITE =
  "mkdir -p /srv/d/e; for f in token shadow kmsg e/token; do echo mine >/srv/d/$f; done\n";

/** What balls do one after the other, and the changes that are left. */
const CASES: readonly [scripts: string[], changes: string[]][] = [
  ...["/run/x", "/etc", "/proc", "../etc", "../run/x"].map((target) =>
    [
      [WRITE, `rm -rf /srv/d; ln -s ${target} /srv/d\n`],
      ["created /srv/d"],
    ] as [string[], string[]]
  ),
  [[WRITE, "rm -rf /srv/d/e; ln -s /run/x /srv/d/e\n"], [
    "created /srv/d",
    "created /srv/d/e",
    "created /srv/d/kmsg",
    "created /srv/d/shadow",
    "created /srv/d/token",
  ]],
  [["echo mine >/srv/live/token", "mv /srv/live /srv/was; ln -s /etc /srv/live"], [
    "replaced /srv/live",
    "created /srv/was",
    "created /srv/was/token",
  ]],
  [["rm /home/alice/d; mkdir /home/alice/d; echo mine >/home/alice/d/token"], [
    "replaced /home/alice/d",
    "created /home/alice/d/token",
  ]],
  [[WRITE, "rm -rf /srv/d; mkfifo /srv/d"], ["created /srv/d"]],
  // The control: a directory is looked into.
  [[WRITE, "mv /srv/d /srv/live/d"], [
    "created /srv/live/d",
    "created /srv/live/d/e",
    "created /srv/live/d/e/token",
    "created /srv/live/d/kmsg",
    "created /srv/live/d/shadow",
    "created /srv/live/d/token",
  ]],
];

function ballsOf(scripts: readonly string[]): Record<string, BallFiles> {
  return Object.fromEntries(scripts.map((script, i) => [`b${i}`, { "scripts/1": script }]));
}

describeOnHost("a diff", () => {
  it("shows what is at a path, and never what a link on the way leads to", async () => {
    await using scene = await newScene();
    await scene.sh(FIXTURE);
    for (const [scripts, wanted] of CASES) {
      const { result, stdout, stderr } = await scene.balls(ballsOf(scripts)).dryRun();
      const found = result.changes.map(({ kind, path }) => `${kind} ${path}`);
      assertEquals(found, wanted, `${scripts.at(-1)}: ${stderr}`);
      // Only the file that was moved is shown, as what it was.
      if (!scripts.join().includes("was")) assert(!stdout.includes(WORD), stdout);
    }
  });
});
