import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { pathsOf, stub, stubServices } from "../dance/support.ts";
import {
  asUser,
  describeForUsers,
  essence,
  gapsOf,
  sceneOfUser,
  startAsUser,
  STATE,
  stateWithout,
  UNIVERSE,
  userHost,
} from "./support.ts";
import { Scene } from "../host/mod.ts";
import { assertUnchanged, names } from "../host/unchanged.ts";
import { FROM_GIVEN, GIVEN } from "../host/scene.ts";

/** Files that root alone may read: without root their sizes are not told. */
const SHADOWS = ["/etc/gshadow", "/etc/gshadow-", "/etc/shadow", "/etc/shadow-"];

describeForUsers("a dry run without root", () => {
  it("shows what root's shows, but for owners, and leaves the host as it was", async () => {
    await using host = await userHost();
    const before = stateWithout(host);
    const { code, stderr, result } = await sceneOfUser(host).dryRun();
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "warning: this run is without root");
    await assertUnchanged(host, before);
    assertEquals(await names(host, `${STATE}/run/disco`), ["lock"]);
    assertEquals((await names(host, `${STATE}/var/disco/dances`)).length, 1);

    const root = await new Scene(host).danceFrom("--noop");
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
    assertEquals(
      (await new Scene(host).danceFrom("--server", "embedded")).result.changes.length,
      5,
    );
    assertEquals((await sceneOfUser(host).dryRun()).result.changes, []);
  });

  for (const node of ["web1.example.org", "db1.example.org"]) {
    it(`shows what root's shows of ${node}`, async () => {
      await using host = await userHost();
      stubServices(host);
      const before = stateWithout(host);
      const options = ["--server", UNIVERSE, "--node", node];
      const { code, stderr, result } = await sceneOfUser(host).dryRun(...options);
      assertEquals(code, 0, stderr);
      await assertUnchanged(host, before);

      const root = await new Scene(host).danceFrom("--noop", ...options);
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
    await using host = await userHost();
    host.write("/opt/other.conf", "one\n");
    host.write("/opt/closed.conf", "two\n", 0o600);
    host.write("/opt/folder/x", "");
    host.write("/opt/again/old", "");
    host.write("/root/.profile", "");
    const works = {
      "files/opt/closed.conf": "three\n",
      "files/opt/folder": "a file now\n",
      "files/root/.profile": "mine\n",
      "files/usr/share/a/very/deep/folder/of/its/own/x": "",
      "permissions": "0600 root adm /opt/other.conf\n",
      "scripts/10-works":
        "set -e; setpriv --reuid daemon --clear-groups true; chown daemon:adm /etc/passwd; chgrp -R adm /etc/default; mkdir /new; echo x >/new/file; " +
        "rm -r /opt/again; mkdir /opt/again; echo >/opt/again/new; mv /etc/skel /etc/skeleton; echo y >>/etc/motd; rm /etc/issue; sed -i s/one/1/ /opt/other.conf",
    };
    new Scene(host).balls({ works });
    const before = stateWithout(host);
    const { code, stderr, result } = await sceneOfUser(host).dryRun(...FROM_GIVEN);
    assertEquals(code, 0, stderr);
    const root = await new Scene(host).dryRun();
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
    await using host = await userHost();
    host.write("/opt/a/closed", "closed\n", 0o600);
    host.write("/opt/a/open", "open\n");
    host.write("/opt/a/folder/x", "x\n");
    host.mkdir("/opt/a/mount");
    await host.run(["mount", "-t", "tmpfs", "other", "/opt/a/mount"]);
    host.write("/opt/a/mount/y", "y\n");
    await host.run(["mount", "-t", "tmpfs", "other", "/etc/skel"]);
    new Scene(host).balls({
      mounts: {
        "files/opt/a/mount/y": "new\n",
        "files/opt/a/folder/x": "new\n",
        "files/opt/a/new/z": "new\n",
        "files/etc/skel/w": "new\n",
        "scripts/1": "echo more >>/opt/a/open; useradd -m somebody; rm /opt/a/folder/x",
        "scripts/2": "if cat /opt/a/closed; then exit 1; fi",
      },
    });
    const before = stateWithout(host);
    const { code, stderr, result } = await sceneOfUser(host).dryRun(...FROM_GIVEN);
    assertEquals(code, 0, stderr);
    await assertUnchanged(host, before);
    assertStringIncludes(gapsOf(result).join("\n"), "writes to /opt/a/closed are refused");
    await host.run(["rm", "/opt/a/closed"]);
    host.write(`${GIVEN}/balls/mounts/scripts/2`, "");
    const root = await new Scene(host).dryRun();
    assertEquals(pathsOf(result), pathsOf(root.result));
  });

  it("shows parts of /sys empty that only root may list, as root's does", async () => {
    await using host = await userHost();
    // So systemd mounts them.
    const mountAt = (path: string) => `mount -t tmpfs -o mode=0700 x ${path}; touch ${path}/x; `;
    const paths = ["/sys/fs/bpf", "/sys/kernel/debug", "/sys/kernel/tracing"];
    await host.run(["sh", "-ec", paths.map(mountAt).join("")]);
    new Scene(host).balls({ looks: { "scripts/1": `ls ${paths.join(" ")} >/etc/seen` } });
    const { code, stderr, result } = await sceneOfUser(host).dryRun(...FROM_GIVEN);
    assertEquals(code, 0, stderr);
    const root = await new Scene(host).dryRun();
    assertEquals(result.changes[0]?.diff, root.result.changes[0]?.diff);
    assertStringIncludes(result.changes[0]?.diff ?? "", "+/sys/fs/bpf:\n+\n+/sys/kernel/debug:");
  });

  it("fails a ball for want of root, and says that this may be why", async () => {
    await using host = await userHost();
    host.write("/opt/other.conf", "one\n");
    new Scene(host).balls({ fails: { "scripts/1": "echo two >>/opt/other.conf" } });
    const { code, stderr } = await sceneOfUser(host).dryRun(...FROM_GIVEN);
    assertEquals(code, 1);
    assertStringIncludes(stderr, "it may fail only because this run is without root");
    // The control.
    assertEquals((await new Scene(host).dryRun()).code, 0);
  });

  it("asks the live system as the user", async () => {
    await using host = await userHost();
    stub(host, "/usr/bin/systemctl", "id -u\n");
    new Scene(host).balls({ asks: { "scripts/1": "systemctl is-active x >/etc/answer" } });
    host.write("/run/calls", "", 0o666);
    const { result, stderr } = await sceneOfUser(host).dryRun(...FROM_GIVEN);
    assertStringIncludes(result.changes[0]?.diff ?? stderr, "+4711");
  });

  it("checks a ball", async () => {
    await using host = await userHost();
    new Scene(host).balls({
      good: { "files/etc/good": "1\n", "scripts/1": "echo 2 >/var/lib/good" },
      bad: { "scripts/1": "echo more >>/etc/motd" },
    });
    const before = stateWithout(host);
    const good = await sceneOfUser(host).check("good", ...FROM_GIVEN);
    assertEquals([good.code, good.result.ok], [0, true], good.stderr);
    assertEquals(good.result.changes.map(({ path }) => path), ["/etc/good", "/var/lib/good"]);
    const bad = await sceneOfUser(host).check("bad", ...FROM_GIVEN);
    assertEquals([bad.code, bad.result.idempotent], [1, false]);
    assertEquals((await asUser(host, ["ball", "check", "good", ...FROM_GIVEN])).code, 0);
    await assertUnchanged(host, before);
  });

  it("keeps what it finds out where the user wishes", async () => {
    await using host = await userHost();
    host.write("/etc/disco/client/node", "by-setting\n");
    const { result } = await sceneOfUser(host).dryRun();
    assertEquals(result.node, "by-setting");
    const kept = await asUser(host, ["report", "--state", STATE]);
    assertStringIncludes(kept.stdout, result.dance);
    for (const env of [{ XDG_STATE_HOME: "/tmp/x" }, { DISCO_STATE: "/tmp/y" }]) {
      assertEquals((await asUser(host, ["dance", "--noop"], { env })).code, 0);
    }
    assertEquals(await names(host, "/tmp/x/disco/run/disco"), ["lock"]);
    assertEquals(await names(host, "/tmp/y/run/disco"), ["lock"]);
  });

  it("leaves nothing behind when it is stopped, or killed", async () => {
    await using host = await userHost();
    new Scene(host).balls({ slow: { "scripts/1": "echo begun; sleep 1000" } });
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      const before = stateWithout(host);
      const running = startAsUser(host, ["dance", "--noop", ...FROM_GIVEN]);
      await running.printed(/begun/);
      await running.kill(signal);
      const { code } = await running.outcome;
      assert(code !== 0);
      await host.settled();
      await assertUnchanged(host, before);
    }
    // What was killed is cleaned up by the next one.
    new Scene(host).balls({ quick: { "scripts/1": "true" } });
    const next = await sceneOfUser(host).dryRun(...FROM_GIVEN);
    assertEquals(next.code, 0, next.stderr);
    assertEquals(await names(host, `${STATE}/run/disco`), ["lock"]);
  });
});
