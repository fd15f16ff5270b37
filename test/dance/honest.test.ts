import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import type { Change } from "../../mod.ts";
import { describeOnHost, newScene } from "../host/mod.ts";
import { changesOf, differing, stubServices, UNIVERSE } from "./support.ts";
import { foundOf, named, saidOf, withoutInner } from "./truth.ts";
import { GIVEN } from "../host/scene.ts";

/** One ball after the other undoes, repeats and replaces what was there: hard to tell the truth about. */
const INTRICATE = {
  a: {
    "files/etc/made": "made\n",
    "scripts/10-do": [
      "cd /etc/d",
      "echo more >>changed; rm gone; chmod 4711 mode; chown 7:8 owner; ln -sfn /new link",
      "rm -r folder; echo no folder >folder; rm file; mkdir -m 0700 file; echo in >file/x",
      "mv old new; ln changed hard; mkfifo pipe; touch same; chmod 0644 same; cp -p same x; mv x same",
      "setfacl -m u:7:r acl; setfattr -n user.a -v 1 xattr; truncate -s 0 empty; rm -rf again",
      "mkdir again; echo new >again/file; touch $'new\\nline' 'ümlaut'; rm -r /etc/whole",
    ].join("\n"),
  },
  b: {
    requires: "after a\n",
    "scripts/10-undo":
      "cd /etc/d; echo b >>changed; rm /etc/made; mv new newer; chown 0 owner; : >undone",
  },
  c: {
    requires: "after b\n",
    "scripts/10-do": "cd /etc/d; rm undone; echo c >>changed; chgrp 9 .",
  },
};

const LIVE = [
  "mkdir -p /etc/d/folder/sub /etc/d/old/sub /etc/d/again /etc/whole/a/b && cd /etc/d",
  "for f in changed gone mode owner file same acl xattr empty folder/f folder/sub/f old/sub/f again/f",
  "do echo $f >$f; done; ln -s /old link; echo w >/etc/whole/a/b/c; mkdir /etc/whole/empty",
].join("\n");

const NODES = ["web1.example.org", "db1.example.org", "all.example.org"];

/** A new modification time is all that changes. */
function isTimeAlone({ before, after }: Change): boolean {
  const [a, b] = [before, after].map((entry) => JSON.stringify({ ...entry, mtime: "" }));
  return a === b;
}

describeOnHost("what a dry run says", () => {
  for (const node of [...NODES, "n"]) {
    it(`is what the live run says, and what it does: ${node}`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      stubServices(host);
      if (node === "n") {
        await scene.balls(INTRICATE).sh(LIVE);
      } else {
        await host.run(["cp", "-a", UNIVERSE, GIVEN]);
        scene.live({
          [`${GIVEN}/parameters/all.example.org/nginx/proxy`]: "http://127.0.0.1:8042",
        });
      }
      const its = scene.from("--server", GIVEN, "--node", node);
      const dry = await its.dryRun().ok();
      const before = host.tree();
      const live = await its.dance().ok();
      const after = host.tree();
      assert(live.result.changes.length > 10, "the control: there is something to say");

      assertEquals(changesOf(dry.result), changesOf(live.result));
      assertEquals(dry.result.balls, live.result.balls);
      assertEquals(
        dry.result.effects.map(({ argv }) => argv),
        live.result.effects.map(({ argv }) => argv),
      );

      const { changes } = live.result;
      const timed = changes.filter(isTimeAlone);
      const other = changes.filter((change) => !isTimeAlone(change));
      const really = differing(before, after);
      assertEquals(withoutInner(really, other), named(other));
      const withTimes = differing(before, after, []);
      assertEquals(named(timed).filter((path) => !withTimes.includes(path)), []);
      for (const change of live.result.changes) {
        assertEquals(foundOf(host, change), saidOf(change), change.path);
      }
    });
  }

  it("is no more than the truth: what is as before is no change", async () => {
    await using scene = await newScene();
    const idle = [
      "touch /etc/passwd; cp -p /etc/group /etc/g && mv /etc/g /etc/group",
      "chmod $(stat -c %a /etc/hosts) /etc/hosts; chown -R root:root /etc/default",
      "echo x >/etc/x; rm /etc/x; mkdir /etc/y; rmdir /etc/y; mv /etc/skel /etc/s; mv /etc/s /etc/skel",
      "flock /etc/issue true; echo >>/etc/issue; truncate -s -1 /etc/issue",
    ];
    await scene.ball("a", idle.join("\n")).dance().changes().ok();
  });
});
