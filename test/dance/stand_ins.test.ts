import { assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost } from "../host/mod.ts";
import { danceBall, freshHost, pathsOf, stub } from "./support.ts";

/** What balls do with commands that DISCO has an eye on, and what a person would have got. */
const HARMLESS: Readonly<Record<string, readonly [script: string, paths: string[]]>> = {
  "touch of a command": ["touch /usr/sbin/sysctl", ["/usr/sbin/sysctl"]],
  "a hard link to a command": ["ln /usr/bin/umount /opt/x", ["/opt/x"]],
  "a copy of a command": ["cp -p /usr/sbin/modprobe /opt/x", ["/opt/x"]],
  "a hash of a command": ["sha256sum /usr/bin/mount >/opt/x", ["/opt/x"]],
  "an archive of commands": [
    "tar -C / -cf - usr/sbin/sysctl usr/bin/mount | tar -C /opt -xf -",
    ["/opt/usr", "/opt/usr/bin", "/opt/usr/bin/mount", "/opt/usr/sbin", "/opt/usr/sbin/sysctl"],
  ],
};
/** Copies of what stands in for a manager of services. */
const REFUSED: Readonly<Record<string, string>> = {
  "a copy of a stand-in": "cp /usr/bin/systemctl /opt/x",
  "a copy of the link": "cp -a /usr/bin/systemctl /opt/x",
  "a hard link": "ln /usr/bin/systemctl /opt/x",
  "its content behind other content": "cat /etc/hostname /usr/bin/systemctl >/opt/x",
  "a secret copy": "umask 077; cat /usr/bin/systemctl >/opt/x",
};

describeOnHost("a stand-in of DISCO's", () => {
  it("is none of the commands that fail between the walls", async () => {
    await using host = await freshHost();
    for (
      const path of ["/usr/sbin/sysctl", "/usr/bin/umount", "/usr/bin/mount", "/usr/sbin/modprobe"]
    ) {
      host.write(path, `#!/bin/sh\n# the real ${path}\n`, 0o755);
    }
    for (const [what, [script, paths]] of Object.entries(HARMLESS)) {
      const dry = await danceBall(host, { "scripts/1": `set -e\n${script}\n` }, "--noop");
      assertEquals([dry.code, pathsOf(dry.result)], [0, paths], `${what}: ${dry.stderr}`);
      assertEquals(dry.stdout.includes("DISCO stands"), false, what);
    }
    const live = await danceBall(host, {
      "scripts/1": "set -e\ntouch /usr/sbin/sysctl\ncp /usr/bin/mount /opt/x\n",
    });
    assertEquals(live.code, 0, live.stderr);
    assertEquals(host.read("/usr/sbin/sysctl"), "#!/bin/sh\n# the real /usr/sbin/sysctl\n");
    assertEquals(host.read("/opt/x"), "#!/bin/sh\n# the real /usr/bin/mount\n");
  });

  it("is a link where a manager of services lies, and no copy of it is merged", async () => {
    await using host = await freshHost();
    stub(host, "/usr/bin/systemctl");
    for (const [what, script] of Object.entries(REFUSED)) {
      const { code, stderr } = await danceBall(host, { "scripts/1": script });
      assertEquals([code, host.exists("/opt/x")], [1, false], what);
      assertStringIncludes(
        stderr,
        'Cannot merge "/opt/x" of ball "a": it is a copy of what stands in',
      );
    }
    // The control: what begins in another way is merged.
    const { code } = await danceBall(host, { "scripts/1": "echo '# DISCO' >/opt/x" });
    assertEquals([code, host.read("/opt/x")], [0, "# DISCO\n"]);
  });

  it("has a path that no file and no link may hold", async () => {
    await using host = await freshHost();
    stub(host, "/usr/sbin/ip");
    host.write("/etc/old", "PATH=/run/disco/bin:/bin\n");
    const scripts: readonly [script: string, path: string, place: string][] = [
      ['echo "x ALL=NOPASSWD: $(command -v ip)" >/etc/x', "/etc/x", "/run/disco/by-name/ip"],
      ['echo "PATH=$PATH" >>/etc/environment', "/etc/environment", "/run/disco/bin"],
      ['umask 077; echo "$(command -v ip)" >/etc/secret', "/etc/secret", "/run/disco/by-name/ip"],
      ['ln -s "$(command -v ip)" /opt/ip', "/opt/ip", "/run/disco/by-name/ip"],
      ['echo "also $(command -v ip)" >>/etc/old', "/etc/old", "/run/disco/by-name/ip"],
    ];
    for (const [script, path, place] of scripts) {
      const { code, stderr } = await danceBall(host, { "scripts/1": script });
      assertEquals(code, 1, script);
      assertStringIncludes(stderr, `Cannot merge "${path}" of ball "a"`);
      assertStringIncludes(stderr, place);
    }
    // The controls: what was there before, what the ball's author wrote, and logs.
    const { code, stderr } = await danceBall(host, {
      "files/etc/own": "/run/disco/bin/x\n",
      "scripts/1": 'echo more >>/etc/old; echo "$PATH" >/var/log/own; echo /usr/sbin/ip >/etc/x',
    });
    assertEquals([code, host.read("/etc/own")], [0, "/run/disco/bin/x\n"], stderr);
    assertEquals(host.read("/etc/old"), "PATH=/run/disco/bin:/bin\nmore\n");
  });

  it("cannot be changed, and can be replaced by a package", async () => {
    await using host = await freshHost();
    stub(host, "/usr/bin/systemctl");
    const before = host.read("/usr/bin/systemctl");
    const touched = await danceBall(host, { "scripts/1": "echo x >>/usr/bin/systemctl" });
    assertEquals([touched.code, host.read("/usr/bin/systemctl")], [1, before]);
    const { code, stderr } = await danceBall(host, {
      "scripts/1": "printf '#!/bin/sh\\nexit 7\\n' >/usr/bin/.new; chmod 755 /usr/bin/.new; " +
        "mv /usr/bin/.new /usr/bin/systemctl",
    });
    assertEquals([code, host.read("/usr/bin/systemctl")], [0, "#!/bin/sh\nexit 7\n"], stderr);
  });

  it("answers for the command by its path and by its name", async () => {
    await using host = await freshHost();
    stub(host, "/usr/bin/systemctl");
    await host.run(["ln", "-sf", "../bin/systemctl", "/usr/sbin/halt"]);
    const { result, stderr } = await danceBall(host, {
      "scripts/1":
        "set -e\nsystemctl restart a\n/usr/bin/systemctl restart b\n/bin/systemctl stop c\n" +
        "/usr/sbin/halt\nsh -c 'PATH=/usr/sbin:/usr/bin systemctl reload d'\n",
    }, "--noop");
    assertEquals(result.effects.map(({ argv }) => argv.join(" ")), [
      "systemctl restart a",
      "systemctl restart b",
      "systemctl stop c",
      "halt",
      "systemctl reload d",
    ], stderr);
  });
});
