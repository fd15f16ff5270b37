import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { pathsOf, stub, stubServices } from "../dance/support.ts";
import {
  asUser,
  describeForUsers,
  essence,
  gapsOf,
  OWN,
  sceneWithUser,
  STATE,
  UNIVERSE,
} from "./support.ts";
import { FROM_GIVEN, GIVEN } from "../host/scene.ts";
import { assertUnchanged, names, stateOf } from "../host/unchanged.ts";

/** Files that root alone may read: without root their sizes are not told. */
const SHADOWS = ["/etc/gshadow", "/etc/gshadow-", "/etc/shadow", "/etc/shadow-"];

describeForUsers("a dry run without root", () => {
  it("shows what root's shows, but for owners, and leaves the host as it was", async () => {
    await using scene = await sceneWithUser();
    const { host } = scene;
    const demonstration = scene.from();
    const { result } = await asUser(demonstration).dryRun()
      .warns("warning: this run is without root").untouched().ok();
    assertEquals(await names(host, `${STATE}/run/disco`), ["lock"]);
    assertEquals((await names(host, `${STATE}/var/disco/dances`)).length, 1);

    const root = await demonstration.dryRun();
    assertEquals(result.changes.length, 5);
    assertEquals(essence(result.changes), essence(root.result.changes));
    assertEquals(
      result.changes.map(({ after }) => [after?.uid, after?.gid, after?.owner, after?.group]),
      result.changes.map(() => [-1, -1, null, null]),
    );
    const gaps = gapsOf(result).join("\n");
    for (const part of ["/root", "/etc/shadow", "stand-ins", "owners", "in place", "renaming"]) {
      assertStringIncludes(gaps, part);
      assert(!gapsOf(root.result).join("\n").includes(part), part);
    }
    // The control: what it tells of is not there yet.
    const live = await scene.from("--server", "embedded").dance();
    assertEquals(live.result.changes.length, 5);
    await asUser(demonstration).dryRun().changes();
  });

  for (const node of ["web1.example.org", "db1.example.org"]) {
    it(`shows what root's shows of ${node}`, async () => {
      await using scene = await sceneWithUser();
      stubServices(scene.host);
      const its = scene.from("--server", UNIVERSE, "--node", node);
      const { result } = await asUser(its).dryRun().untouched().ok();
      const root = await its.dryRun();
      const isTold = ({ path }: { path: string }) => !SHADOWS.includes(path);
      assertEquals(pathsOf(result), pathsOf(root.result));
      assertEquals(
        essence(result.changes.filter(isTold)),
        essence(root.result.changes.filter(isTold)),
      );
      assertEquals(
        result.changes.filter(({ unread }) => unread).map(({ path }) => path),
        SHADOWS,
      );
    });
  }

  it("lets scripts do what root may do with its own, and says where that ends", async () => {
    await using scene = await sceneWithUser();
    const { host } = scene;
    scene.live({ "/opt/other.conf": "one\n", "/opt/folder/x": "", "/opt/again/old": "" })
      .live({ "/root/.profile": "" });
    host.write("/opt/closed.conf", "two\n", 0o600);
    await scene.sh(
      "cd /etc; ln -s a localtime.old; ln -s a mine.link; touch -hd 2002-01-01 *.link *.old",
    );
    scene.ball("works", {
      "files/opt/closed.conf": "three\n",
      "files/opt/folder": "a file now\n",
      "files/root/.profile": "mine\n",
      "files/usr/share/a/very/deep/folder/of/its/own/x": "",
      "permissions": "0600 root adm /opt/other.conf\n",
      "scripts/10-works":
        "set -e; setpriv --reuid daemon --clear-groups true; chown daemon:adm /etc/passwd; chgrp -R adm /etc/default; mkdir /new; echo x >/new/file; " +
        "rm -r /opt/again; mkdir /opt/again; echo >/opt/again/new; mv /etc/skel /etc/skeleton; echo y >>/etc/motd; rm /etc/issue; sed -i s/one/1/ /opt/other.conf\n" +
        "cd /etc; ln localtime.old second; touch -hd 2001-02-03 localtime.old; chown -h 7 mine.link; ln -sf b mine.link",
    });
    const before = stateOf(host, OWN);
    const { result } = await asUser(scene).dryRun().ok();
    const root = await scene.dryRun();
    const hidden = ["/opt/closed.conf", "/root/.profile"];
    const seen = ({ path }: { path: string }) => !hidden.includes(path);
    assertEquals(
      essence(result.changes.filter(seen)),
      essence(root.result.changes.filter(seen)).filter((change) =>
        // Only the owner changes there.
        !["/etc/passwd", "/etc/default"].some((path) =>
          (change as { path: string }).path.startsWith(path)
        )
      ),
    );
    const kinds = (list: typeof result) =>
      list.changes.filter((change) => !seen(change)).map(({ kind, unread }) => [kind, unread]);
    assertEquals(kinds(result), [["modified", true], ["created", undefined]]);
    // The control: root sees what is there.
    assertEquals(kinds(root.result), [["modified", undefined], ["modified", undefined]]);
    await assertUnchanged(host, before);
  });

  it("sees folders with mounts in them, and files beside mounts", async () => {
    await using scene = await sceneWithUser();
    const { host } = scene;
    host.write("/opt/a/closed", "closed\n", 0o600);
    scene.live({ "/opt/a/open": "open\n", "/opt/a/folder/x": "x\n" });
    host.mkdir("/opt/a/mount");
    await host.run(["mount", "-t", "tmpfs", "other", "/opt/a/mount"]);
    scene.live({ "/opt/a/mount/y": "y\n" });
    await host.run(["mount", "-t", "tmpfs", "other", "/etc/skel"]);
    scene.ball("mounts", {
      "files/opt/a/mount/y": "new\n",
      "files/opt/a/folder/x": "new\n",
      "files/opt/a/new/z": "new\n",
      "files/etc/skel/w": "new\n",
      "scripts/1": "echo more >>/opt/a/open; useradd -m somebody; rm /opt/a/folder/x",
      "scripts/2": "if cat /opt/a/closed; then exit 1; fi",
    });
    const { result } = await asUser(scene).dryRun().untouched().ok();
    assertStringIncludes(gapsOf(result).join("\n"), "writes to /opt/a/closed are refused");
    scene.live({ "/opt/a/closed": null, [`${GIVEN}/balls/mounts/scripts/2`]: "" });
    const root = await scene.dryRun();
    assertEquals(pathsOf(result), pathsOf(root.result));
  });

  it("shows parts of /sys empty that only root may list, as root's does", async () => {
    await using scene = await sceneWithUser();
    // So systemd mounts them.
    const mountAt = (path: string) => `mount -t tmpfs -o mode=0700 x ${path}; touch ${path}/x; `;
    const paths = ["/sys/fs/bpf", "/sys/kernel/debug", "/sys/kernel/tracing"];
    await scene.sh(paths.map(mountAt).join(""));
    scene.ball("looks", `ls ${paths.join(" ")} >/etc/seen`);
    const { result } = await asUser(scene).dryRun().ok();
    const root = await scene.dryRun();
    assertEquals(result.changes[0]?.diff, root.result.changes[0]?.diff);
    assertStringIncludes(result.changes[0]?.diff ?? "", "+/sys/fs/bpf:\n+\n+/sys/kernel/debug:");
  });

  it("fails a ball for want of root, and says that this may be why", async () => {
    await using scene = await sceneWithUser();
    scene.live({ "/opt/other.conf": "one\n" }).ball("fails", "echo two >>/opt/other.conf");
    await asUser(scene).dryRun().fails("it may fail only because this run is without root");
    // The control.
    await scene.dryRun().ok();
  });

  it("asks the live system as the user", async () => {
    await using scene = await sceneWithUser();
    const { host } = scene;
    stub(host, "/usr/bin/systemctl", "id -u\n");
    scene.ball("asks", "systemctl is-active x >/etc/answer");
    host.write("/run/calls", "", 0o666);
    const { result, stderr } = await asUser(scene).dryRun();
    assertStringIncludes(result.changes[0]?.diff ?? stderr, "+4711");
  });

  it("checks a ball", async () => {
    await using scene = await sceneWithUser();
    scene.ball("good", { "files/etc/good": "1\n", "scripts/1": "echo 2 >/var/lib/good" })
      .ball("bad", "echo more >>/etc/motd");
    const user = asUser(scene);
    await user.check("good").changes("+ /etc/good", "+ /var/lib/good").untouched().ok();
    await user.check("bad").finds({ idempotent: false }).exits(1).untouched();
    await user.disco("ball", "check", "good", ...FROM_GIVEN).ok().untouched();
  });

  it("keeps what it finds out where the user wishes", async () => {
    await using scene = await sceneWithUser();
    const { host } = scene;
    scene.settings({ node: "by-setting\n" });
    const { result } = await asUser(scene.from()).dryRun();
    assertEquals(result.node, "by-setting");
    await asUser(scene).disco("report", "--state", STATE).says(result.dance);
    await asUser(scene, { XDG_STATE_HOME: "/tmp/x" }).disco("dance", "--noop").ok();
    await asUser(scene, { DISCO_STATE: "/tmp/y" }).disco("dance", "--noop").ok();
    assertEquals(await names(host, "/tmp/x/disco/run/disco"), ["lock"]);
    assertEquals(await names(host, "/tmp/y/run/disco"), ["lock"]);
  });

  it("leaves nothing behind when it is stopped, or killed", async () => {
    await using scene = await sceneWithUser();
    const { host } = scene;
    scene.ball("slow", "echo begun; sleep 1000");
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      const { code } = await asUser(scene).danceInWords("--noop")
        .meanwhile(/begun/, (running) => running.kill(signal)).untouched();
      assert(code !== 0);
    }
    // What was killed is cleaned up by the next one.
    await asUser(scene.balls({ quick: "true" })).dryRun().ok();
    assertEquals(await names(host, `${STATE}/run/disco`), ["lock"]);
  });
});
