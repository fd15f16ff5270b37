import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import { whyNot } from "./job.ts";
import { judge } from "./judge.ts";
import { Score } from "./score.ts";

/** Lines of a script that deceive the dry run, and how the line begins that must say so. */
const DECEITS = {
  "[ $NOOP ] || echo >/etc/live": "/etc/live: done, but not predicted",
  "[ ! $NOOP ] || echo >/etc/dry": "/etc/dry: predicted, but not done",
  "echo dry or $NOOP >/etc/content": "/etc/content: diff",
  "head -c 8 /dev/urandom >/etc/random": "/etc/random: sha256",
  "echo >/etc/mode; [ $NOOP ] || chmod 0600 /etc/mode": "/etc/mode: mode",
  "echo >/etc/owner; [ $NOOP ] || chown 7:8 /etc/owner": "/etc/owner: uid",
  "echo >/etc/xattr; [ $NOOP ] || setfattr -n user.a -v 1 /etc/xattr": "/etc/xattr: xattrs",
  'ln -sfn "/dry or $NOOP" /etc/link': "/etc/link: target",
  "[ $NOOP ] && mkdir /etc/type || echo >/etc/type": "/etc/type: type",
  "[ $NOOP ] || echo >/srv/live.pyc": "/srv/live.pyc: done, but not predicted",
  "echo >/srv/mode.pyc; [ $NOOP ] || chmod 0600 /srv/mode.pyc": "/srv/mode.pyc: mode",
  "[ $NOOP ] || disco-effect true": "effects: ",
  "echo >>/etc/more": "/etc/more: changed once more",
  "echo >/etc/merged": "/etc/merged: predicted {",
};

/** What is done to the host after the merge, and what must be said of it. */
const AFTERWARDS = {
  "echo >/etc/after": "/etc/after: changed, but not predicted",
  "echo other >/etc/merged": "/etc/merged: predicted {",
};

describeOnHost("a ball that deceives the dry run is not faithful", () => {
  it("in any of these ways", async () => {
    const ball = { "scripts/10-do": lines(DECEITS), "post/10-do": lines(AFTERWARDS) };
    const { wrong } = await judge({ name: "deceiver", ball }, new Map());
    for (const [deceit, line] of Object.entries({ ...DECEITS, ...AFTERWARDS })) {
      assert(wrong.some((found) => found.startsWith(line)), `${deceit}\n${wrong.join("\n")}`);
    }
  });

  it("by failing if it is live", async () => {
    const ball = { "scripts/10-do": "echo >/etc/x; [ $NOOP ]" };
    const { wrong } = await judge({ name: "failing", ball }, new Map());
    assert(wrong[0]?.startsWith("the live run ended with 1"), wrong.join("\n"));
  });

  it("the control: one that does not", async () => {
    const honest = "echo >/etc/x; head -c 8 /dev/urandom >/srv/x.pyc; chmod 644 /etc/passwd";
    const ball = { "scripts/10-do": honest };
    const { wrong, paths, excused } = await judge({ name: "honest", ball }, new Map());
    assertEquals([wrong, [...paths], [...excused]], [[], ["/etc/x", "/srv/x.pyc"], ["/srv/x.pyc"]]);
  });
});

describeOnHost("the score", () => {
  const nothing = { paths: new Set<string>(), excused: new Set<string>(), wrong: [] };

  it("counts what was not as predicted, and says what was left out", () => {
    const score = new Score();
    score.add("a", { ...nothing, paths: new Set(["/x", "/y"]), excused: new Set(["/y"]) });
    score.add("b", { ...nothing, wrong: ["/x: created"] });
    score.skip("c", "no mirror");
    assertEquals(
      String(score),
      "fidelity: 1 of 2 jobs, 2 paths compared, 1 excused (content of logs and caches only), " +
        "1 skipped (no mirror)",
    );
  });

  it("leaves out what cannot be done here", () => {
    const job = { name: "a", ball: {}, packages: ["hello"] };
    assertEquals(whyNot(job, "no mirror"), "no mirror");
    assertEquals(whyNot(job, new Map()), undefined);
    assertEquals(whyNot({ ...job, tools: ["no-such-tool"] }, new Map()), "no no-such-tool here");
  });
});

function lines(script: Readonly<Record<string, string>>): string {
  return `${Object.keys(script).join("\n")}\ntrue\n`;
}
