import { assert, assertEquals, assertMatch, assertRejects, assertThrows } from "@std/assert";
import { it } from "@std/testing/bdd";
import { fromFileUrl } from "@std/path";
import { SyscallError } from "../../lib/posix/mod.ts";
import { loopDevices } from "./holder.ts";
import { compareTrees, describeOnHost, throwawayHost } from "./mod.ts";

const KINDS = ["tmpfs", "ext4", "xfs", "btrfs"] as const;

describeOnHost("the throw-away host", () => {
  for (const root of KINDS) {
    it(`can be written to without a trace on the machine: ${root}`, async () => {
      const name = `/etc/${crypto.randomUUID()}`;
      await using host = await throwawayHost({ root });
      await host.run(["sh", "-c", 'echo a >"$1"; echo b >"/usr$1"', "sh", name]);
      assertEquals([host.read(name), host.read(`/usr${name}`)], ["a\n", "b\n"]);
      assertThrows(() => Deno.lstatSync(name), Deno.errors.NotFound);
      assertThrows(() => Deno.lstatSync(`/usr${name}`), Deno.errors.NotFound);
    });

    it(`is the root of everything it sees: ${root}`, async () => {
      await using host = await throwawayHost({ root });
      const folders = host.mounts().map((line) => line.split(" ")[4]);
      assertEquals(folders.filter((f) => f === "/").length, 1);
      const outer = Deno.readTextFileSync("/proc/self/mountinfo").split("\n").map((l) =>
        l.split(" ")[0]
      );
      assertEquals(host.mounts().filter((line) => outer.includes(line.split(" ")[0])), []);
      assertEquals(host.processes().map(({ pid }) => pid), [1]);
    });

    it(`leaves nothing when it ends: ${root}`, async () => {
      let kept: { id: string; pid: number };
      {
        await using host = await throwawayHost({ root });
        await host.mountImage("/srv", "ext4");
        await host.run([
          "sh",
          "-c",
          "setsid sleep 1000 >/dev/null 2>&1 & mkdir -p /sys/fs/cgroup/a/b || true",
        ]);
        assertEquals(loopDevices(host.id).length, root === "tmpfs" ? 1 : 2);
        assertEquals(host.processes().length, 2);
        kept = host;
      }
      assertEquals(loopDevices(kept.id), []);
      assertThrows(() => Deno.statSync(`/proc/${kept.pid}`), Deno.errors.NotFound);
      assertEquals(grep("/proc/self/mountinfo", kept.id), []);
      const left = await new Deno.Command("find", {
        args: [
          Deno.env.get("TMPDIR") ?? "/tmp",
          "/sys/fs/cgroup",
          "-name",
          `*${kept.id}*`,
        ],
      }).output();
      assertEquals(new TextDecoder().decode(left.stdout), "");
    });
  }

  it("ends when the test process is killed", async () => {
    const script = `const { throwawayHost } = await import(Deno.args[0]);
      const host = await throwawayHost();
      console.log(host.pid);
      host.spawn(["sleep", "1000"]);
      setInterval(() => {}, 1000);`;
    const file = await Deno.makeTempFile({ suffix: ".ts" });
    await Deno.writeTextFile(file, script);
    const test = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--config", fromFileUrl(new URL("../../deno.json", import.meta.url))]
        .concat(file, new URL("mod.ts", import.meta.url).href),
      stdout: "piped",
    }).spawn();
    let pid = "";
    for await (const text of test.stdout.pipeThrough(new TextDecoderStream())) {
      pid = text.trim();
      if (pid) break;
    }
    assert(exists(`/proc/${pid}`));
    test.kill("SIGKILL");
    await test.status;
    for (let i = 0; i < 500 && exists(`/proc/${pid}`); i++) {
      await new Promise((done) => setTimeout(done, 10));
    }
    assert(!exists(`/proc/${pid}`));
    await Deno.remove(file);
  });

  it("has the name it was given, short and full", async () => {
    await using host = await throwawayHost({ hostname: "web1.example.org" });
    assertEquals(await host.run(["hostname"]), "web1\n");
    assertEquals(await host.run(["hostname", "-f"]), "web1.example.org\n");
    assert(Deno.hostname() !== "web1");
  });

  it("has a network with nobody else on it", async () => {
    await using host = await throwawayHost();
    assertMatch(
      await host.run(["ip", "-o", "addr"]),
      /^1: lo +inet 127\.0\.0\.1\/8.*\n(1: .*\n)?$/,
    );
  });

  it("cannot reach the machine's kernel settings, clock or modules", async () => {
    await using host = await throwawayHost();
    const swappiness = Deno.readTextFileSync("/proc/sys/vm/swappiness").trim();
    for (
      const argv of [
        ["sh", "-c", `echo ${swappiness} >/proc/sys/vm/swappiness`],
        ["sh", "-c", "echo x >/proc/sysrq-trigger"],
        ["date", "-s", "@1"],
        ["modprobe", "dummy"],
      ]
    ) {
      assert((await host.exec(argv)).code !== 0, argv.join(" "));
    }
    // Control: what belongs to its own namespaces can be set.
    await host.run(["sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward; hostname other"]);
  });

  it("can hold DISCO's union: an overlay of its root, and a loop device", async () => {
    await using host = await throwawayHost();
    const script = `set -e
      mount -t tmpfs none /mnt; mkdir /mnt/u /mnt/w /mnt/m; cd /mnt
      mount -t overlay -o lowerdir=/,upperdir=u,workdir=w,metacopy=on,redirect_dir=on,index=off none m
      echo new >m/etc/passwd; mv m/etc/apt m/etc/apt2; chmod 600 m/etc/group; test -e u/etc/apt2
      truncate -s 20m i; mkfs.ext4 -q i; mkdir d; mount -o loop i d; echo x >d/x; cat d/x`;
    const before = host.tree();
    assertEquals(await host.run(["unshare", "--mount", "sh", "-c", script]), "x\n");
    assertEquals(compareTrees(before, host.tree()), []);
  });

  it("runs this deno with this project, and neither can be changed", async () => {
    await using host = await throwawayHost();
    const { code, stdout, stderr } = await host.exec([Deno.execPath(), "eval", "console.log(42)"]);
    assertEquals([code, stdout, stderr], [0, "42\n", ""]);
    const readme = fromFileUrl(new URL("../../deno.json", import.meta.url));
    assertEquals((await host.exec(["test", "-r", readme])).code, 0);
    assertEquals((await host.exec(["touch", readme])).code, 1);
  });

  it("does not mind others", async () => {
    const hosts = await Promise.all(["a.test", "b.test", "c.test"].map((hostname) => {
      return throwawayHost({ hostname });
    }));
    const names = await Promise.all(hosts.map((h) => h.run(["sh", "-c", "hostname -f | tee /x"])));
    assertEquals(names, ["a.test\n", "b.test\n", "c.test\n"]);
    assertEquals(hosts.map((h) => h.read("/x")), names);
    await Promise.all(hosts.map((h) => h[Symbol.asyncDispose]()));
  });

  it("says why it cannot start", async () => {
    const wrong = "nosuchfs" as "ext4";
    await assertRejects(
      () => throwawayHost({ root: wrong }),
      Error,
      "Cannot start a throw-away host: ",
    );
  });
});

describeOnHost("files of a host", () => {
  it("can be written and read, with the directories on the way", async () => {
    await using host = await throwawayHost();
    host.write("/srv/a/b", "text", 0o4750);
    assertEquals([host.read("/srv/a/b"), host.lstat("/srv/a/b")?.mode], ["text", 0o4750]);
    assertEquals(host.lstat("/srv/a")?.type, "directory");
    assertEquals([host.exists("/srv/a"), host.exists("/srv/none/x")], [true, false]);
    assertThrows(() => host.read("/srv/none"), SyscallError, "ENOENT");
  });

  it("stay in the host whatever its links say", async () => {
    const secret = await Deno.makeTempFile();
    await Deno.writeTextFile(secret, "the machine's");
    await using host = await throwawayHost();
    await host.run(["ln", "-s", secret, "/etc/link"]);
    await host.run(["ln", "-s", "/../../../..", "/etc/up"]);
    assertThrows(() => host.read("/etc/link"), SyscallError, "ENOENT");
    assertThrows(() => host.read(`/etc/up${secret}`), SyscallError, "ENOENT");
    host.mkdir(secret.replace(/\/[^/]*$/, ""));
    host.write("/etc/link", "the host's");
    assertEquals(host.read(secret), "the host's");
    assertEquals(await Deno.readTextFile(secret), "the machine's");
    await Deno.remove(secret);
  });

  it("can lie on other disks, which are empty at first", async () => {
    await using host = await throwawayHost();
    await host.mountImage("/boot", "ext4", { options: "rw,nosuid" });
    assertMatch(host.mounts().at(-1)!, / \/boot rw,nosuid,relatime .* - ext4 \/dev\/loop/);
    host.write("/boot/x", "y");
    assertEquals(host.read("/boot/x"), "y");
  });
});

function exists(path: string): boolean {
  try {
    return Deno.lstatSync(path) !== undefined;
  } catch {
    return false;
  }
}

function grep(file: string, word: string): string[] {
  return Deno.readTextFileSync(file).split("\n").filter((line) => line.includes(word));
}
