import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import type { Change } from "../../lib/result/mod.ts";
import { Tree } from "../../lib/door/mod.ts";
import { type Merge, tooMuchLost } from "../../lib/guards/mod.ts";
import { change, file, other } from "../changes/entries.ts";

/** A live tree and what is left of it, as folders with files that a shell makes. */
function judge(
  make: string,
  change: string,
  changes: readonly Change[],
  fields: Partial<Merge> = {},
  allowed?: number,
) {
  const dir = Deno.makeTempDirSync();
  const script = `mkdir live; (cd live; ${make}); cp -a live now; cd now; ${change}`;
  const { success } = new Deno.Command("sh", { args: ["-ec", script], cwd: dir }).outputSync();
  assertEquals(success, true);
  using live = new Tree(`${dir}/live`);
  using now = new Tree(`${dir}/now`);
  const merge: Merge = {
    changes,
    live,
    now,
    mounts: [],
    isPurged: () => false,
    isDelivered: () => false,
    critical: ["/etc/fstab"],
    ...fields,
  };
  const found = tooMuchLost(merge, { paths: 200, allowed });
  Deno.removeSync(dir, { recursive: true });
  return found?.reasons ?? [];
}

function gone(path: string, contained: number): Change {
  return { ...change("deleted", other("directory"), null, { path, balls: ["a"] }), contained };
}
const lost = (path: string) => change("deleted", file(), null, { path, balls: ["a"] });
const many = (count: number) => `mkdir -p srv/d srv/keep; (cd srv/d; seq ${count} | xargs touch)`;

describe("tooMuchLost", () => {
  it("should let 200 paths go, and no more", () => {
    const rm = "rm -r srv/d";
    assertEquals(judge(many(199), rm, [gone("/srv/d", 199)]), []);
    assertEquals(judge(many(200), rm, [gone("/srv/d", 200)]), [
      "201 paths would be deleted, more than 200: 201 at /srv/d [a]",
    ]);
  });

  it("should let go what was allowed, and no more", () => {
    const rm = "rm -r srv/d";
    assertEquals(judge(many(300), rm, [gone("/srv/d", 300)], {}, 301), []);
    assertEquals(judge(many(5), rm, [gone("/srv/d", 5)], {}, 5), [
      "6 paths would be deleted, more than the 5 that are allowed: 6 at /srv/d [a]",
    ]);
  });

  it("should see that all of a mount goes, even one path, but for lost+found", () => {
    const make = "mkdir -p data/lost+found; echo x >data/base";
    const mounted = { mounts: ["/", "/data"] };
    assertEquals(judge(make, "rm data/base", [lost("/data/base")], mounted), [
      "all of the mount /data would be deleted (1 path)",
    ]);
    // The controls: no mount, and something that is left.
    assertEquals(judge(make, "rm data/base", [lost("/data/base")]), []);
    assertEquals(
      judge(`${make}; echo x >data/y`, "rm data/base", [lost("/data/base")], mounted),
      [],
    );
  });

  it("should take a directory that is moved for one, and not one that lost something", () => {
    const move = "mv srv/d srv/e";
    const moved = (size: number) => [
      gone("/srv/d", 300),
      change("created", null, other("directory"), { path: "/srv/e" }),
      ...Array.from(
        { length: 300 },
        (_, i) =>
          change("created", null, file({ size: i === 7 ? size : 0 }), { path: `/srv/e/${i + 1}` }),
      ),
    ];
    assertEquals(judge(many(300), move, moved(0)), []);
    assertEquals(judge(many(300), move, moved(1)).length, 1);
    assertEquals(judge(many(300), move, moved(0).slice(0, -1)).length, 1);
  });

  it("should see critical files that become empty, and count the others", () => {
    const empty = (path: string) =>
      change("modified", file(), file({ size: 0 }), { path, balls: ["a"] });
    const made = "mkdir -p etc; : >etc/fstab";
    assertEquals(judge(made, ":", [empty("/etc/fstab")]), ["/etc/fstab would become empty [a]"]);
    assertEquals(judge(made, ":", [empty("/etc/fstab")], { isDelivered: () => true }), []);
    assertEquals(judge(made, ":", [empty("/etc/motd")]), []);
    const some = Array.from({ length: 201 }, (_, i) => empty(`/etc/x/${i}`));
    assertEquals(judge(made, ":", some), ["201 paths would be deleted, more than 200"]);
    const logs = Array.from({ length: 201 }, (_, i) => empty(`/var/log/x/${i}`));
    assertEquals(judge(made, ":", logs), []);
  });

  it("should see accounts that go with root, or leave something behind", () => {
    const passwd =
      "mkdir -p etc; printf 'root:x:0:0::/root:/bin/sh\\nal:x:7:7::/:/bin/sh\\n' >etc/passwd";
    const changed = change("modified", file(), file(), { path: "/etc/passwd" });
    assertEquals(judge(passwd, "sed -i /^al/d etc/passwd", [changed]), []);
    const owned = change("created", null, file({ uid: 7 }), { path: "/srv/al" });
    assertEquals(judge(passwd, "sed -i /^al/d etc/passwd", [changed, owned]), [
      'account "al" would be gone, and /srv/al would still belong to it',
    ]);
    assertEquals(judge(passwd, "sed -i /^root/d etc/passwd", [changed]), [
      'account "root" would be gone, and /etc/passwd would still belong to it',
    ]);
  });
});
