import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { GIVEN } from "../host/scene.ts";

const SHIPPED = fromFileUrl(new URL("../../universe/balls", import.meta.url));

/** The original's balls, in the shape of the original: scripts of bash with `disco-param`. */
const ORIGINAL: Readonly<Record<string, string>> = {
  "entities/scripts/entities": `#!/bin/bash
for kind in group passwd; do [ -e /etc/$kind ] || touch /etc/$kind; done
`,
  "groups/requires": "after entities\n",
  "groups/scripts/groups": `#!/bin/bash
set -e
for group in $(disco-param keys $(hostname)/groups/present); do
  getent group $group >/dev/null || groupadd $(disco-param get $(hostname)/groups/present/$group) $group
done
for group in $(disco-param keys $(hostname)/groups/absent); do
  ! getent group $group >/dev/null || groupdel $group
done
`,
  "users/requires": "after entities\nafter groups\n",
  "users/scripts/users": `#!/bin/bash
set -e
for user in $(disco-param keys $(hostname)/users/present); do
  getent passwd $user >/dev/null || useradd $(disco-param get $(hostname)/users/present/$user) $user
done
`,
  "packages/scripts/packages": `#!/bin/bash
set -e
for package in $(disco-param keys $(hostname)/packages/present); do
  dpkg -s $package >/dev/null || apt-get install -y $package
done
`,
};

/** Parameters with the keys that the balls of both have. */
const PARAMETERS: Readonly<Record<string, string>> = {
  "groups/present/ops": "-g 4700\n",
  "groups/present/plain": "",
  "groups/absent/games": "",
  "users/present/dora": "-m -g ops\n",
  "packages/present/coreutils": "",
};

describeOnHost("a universe whose parameters are the original's", () => {
  for (const balls of ["the original's", "the shipped"]) {
    it(`drives ${balls} balls groups and users, and knows members all the same`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      const isShipped = balls === "the shipped";
      host.mkdir(`${GIVEN}/balls`);
      if (isShipped) await host.run(["cp", "-R", SHIPPED, GIVEN]);
      else {
        for (const [path, text] of Object.entries(ORIGINAL)) {
          scene.live({ [`${GIVEN}/balls/${path}`]: text });
        }
      }
      const node = "n.example.net";
      for (const ball of ["groups", "users", "packages", "entities"]) {
        scene.live({ [`${GIVEN}/parameters/${node}/modules/${ball}`]: "" });
      }
      for (const [key, value] of Object.entries(PARAMETERS)) {
        scene.live({ [`${GIVEN}/parameters/${node}/${key}`]: value });
      }
      scene.live({
        [`${GIVEN}/parameters/${node}/member/team`]: "",
        [`${GIVEN}/groups/team/groups/present/team`]: "-g 4711\n",
      });
      // The original's group games has no members; where it is a user's, the shipped ball refuses.
      if (isShipped) await host.run(["userdel", "games"]);
      else await scene.sh("userdel games; groupadd games 2>/dev/null || true");
      const its = scene.from("--server", GIVEN, "--node", node);
      await its.dryRun().ok();
      await its.dance().merges().ok();
      const groups = host.read("/etc/group");
      assertStringIncludes(groups, "ops:x:4700:");
      assertStringIncludes(groups, "team:x:4711:");
      assertStringIncludes(groups, "plain:x:");
      assertEquals(groups.match(/^games:/m), null);
      assertStringIncludes(host.read("/etc/passwd"), "dora:x:");
      await its.dance().changes();
    });
  }
});
