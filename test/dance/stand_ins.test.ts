import { assert, assertEquals, assertMatch } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { stub } from "./support.ts";

/** What balls do with commands that DISCO has an eye on, and what a person would have got. */
const HARMLESS: Readonly<Record<string, readonly [script: string, changes: string[]]>> = {
  "touch of a command": ["touch /usr/sbin/sysctl", ["@ /usr/sbin/sysctl"]],
  "a hard link to a command": ["ln /usr/bin/umount /opt/x", ["+ /opt/x"]],
  "a copy of a command": ["cp -p /usr/sbin/modprobe /opt/x", ["+ /opt/x"]],
  "a hash of a command": ["sha256sum /usr/bin/mount >/opt/x", ["+ /opt/x"]],
  "an archive of commands": [
    "tar -C / -cf - usr/sbin/sysctl usr/bin/mount | tar -C /opt -xf -",
    [
      ...["+ /opt/usr", "+ /opt/usr/bin", "+ /opt/usr/bin/mount"],
      ...["+ /opt/usr/sbin", "+ /opt/usr/sbin/sysctl"],
    ],
  ],
  "a diverted command": [
    "dpkg-divert --no-rename --add /usr/bin/kill >/dev/null\n" +
    "dpkg-divert --rename --divert /usr/bin/mount.real --add /usr/bin/mount >/dev/null",
    [
      ...["- /usr/bin/mount", "+ /usr/bin/mount.real"],
      ...["~ /var/lib/dpkg/diversions", "~ /var/lib/dpkg/diversions-old"],
    ],
  ],
};
/** Commands that fail between the walls by themselves. */
const FAILING = [
  ...["/usr/sbin/sysctl", "/usr/bin/umount", "/usr/bin/mount", "/usr/sbin/modprobe"],
  ...["/usr/sbin/hwclock", "/usr/bin/udevadm", "/usr/sbin/losetup", "/usr/bin/kill"],
];
/** What looks at every command of the system, and finds the host's own. */
const LOOKS: readonly string[] = [
  "find /usr/bin /usr/sbin -perm /6000 -printf '%m %s %p\\n' | sort",
  "dpkg --verify util-linux procps mount",
  `sha256sum ${FAILING.join(" ")} 2>/dev/null`,
  `stat -c '%F %a %h %s %n' ${FAILING.join(" ")} 2>/dev/null`,
];
/** What would take a stand-in with it as it is: a copy of it, or of the link to it. */
const REFUSED: Readonly<Record<string, string>> = {
  "a copy of the link": "cp -a /usr/bin/systemctl /opt/x",
  "a hard link": "ln /usr/bin/systemctl /opt/x",
  "an archive of the link": "tar -C / -cf /opt/x usr/bin/bash usr/bin/systemctl",
  "a compressed archive of the link": "tar -C / -czf /opt/x usr/bin/bash usr/bin/systemctl",
  "one that xz has compressed": "tar -C / -cJf /opt/x usr/bin/bash usr/bin/systemctl",
  "one that bzip2 has compressed": "tar -C / -cjf /opt/x usr/bin/bash usr/bin/systemctl",
  "one that zstd has compressed": "tar -C / --zstd -cf /opt/x usr/bin/bash usr/bin/systemctl",
  "a zip of the link":
    'perl -MIO::Compress::Zip=zip -e \'my $l = readlink "/usr/bin/systemctl"; zip(\\$l => "/opt/x", Method => 0)\'',
  "a large compressed one": "tar -C / -czf /opt/x usr/bin/perl usr/bin/git usr/bin/systemctl",
  "a secret archive of the link": "umask 077; tar -C / -cf /opt/x usr/bin/bash usr/bin/systemctl",
};
/** What is no archive of it, though it begins like one. */
const FINE: Readonly<Record<string, string>> = {
  "an archive without it": "tar -C / -cJf /opt/x usr/bin/bash usr/bin/xz",
  "a file that ends where xz would go on":
    "tar -C / -cf - usr/bin/systemctl | xz | head -c 64 >/opt/x",
  "what only begins as zstd's": "printf '\\050\\265\\057\\375rest of it, which is text' >/opt/x",
  "what only begins as gzip's": "printf '\\037\\213rest of it, which is text' >/opt/x",
};
/** What makes something of the content of a command. */
const READING: Readonly<Record<string, string>> = {
  "a copy": "cp /usr/bin/systemctl /opt/x",
  "its content behind other content": "cat /etc/hostname /usr/bin/systemctl >/opt/x",
  "a secret copy": "umask 077; cat /usr/bin/systemctl >/opt/x",
  "a binary that holds it": "cat /bin/true /usr/bin/systemctl >/opt/x",
  "compressed": "gzip -c /usr/bin/systemctl >/opt/x",
  "a hash": "sha256sum /usr/bin/systemctl >/opt/x",
  "an archive with what links lead to": "tar -C / -hczf /opt/x usr/bin/systemctl",
  "a search in a folder": "grep -l DISCO /usr/bin/systemct* >/opt/x",
  "a shell that reads it": 'read -r line </usr/bin/systemctl; echo "$line" >/opt/x',
  "the link's target": 'cat "$(readlink /usr/bin/systemctl)" >/opt/x',
  "a size": "wc -c </usr/bin/systemctl >/opt/x",
};

describeOnHost("a stand-in of DISCO's", () => {
  it("is none of the commands that fail between the walls", async () => {
    await using scene = await newScene();
    const { host } = scene;
    for (const path of FAILING) host.write(path, `#!/bin/sh\n# the real ${path}\n`, 0o755);
    for (const [script, changes] of Object.values(HARMLESS)) {
      await scene.ball("a", `set -e\n${script}\n`).dryRun().changes(...changes).ok()
        .omits("DISCO stands");
    }
    await scene.ball("a", "set -e\ntouch /usr/sbin/sysctl\ncp /usr/bin/mount /opt/x\n").dance().ok()
      .leaves({
        "/usr/sbin/sysctl": "#!/bin/sh\n# the real /usr/sbin/sysctl\n",
        "/opt/x": "#!/bin/sh\n# the real /usr/bin/mount\n",
      });
  });

  it("is not what a look at all commands finds", async () => {
    await using scene = await newScene();
    const { host } = scene;
    // The control: what differs from its package is found.
    await scene.sh("echo >>/usr/sbin/losetup; chmod 4755 /usr/bin/kill");
    const script = LOOKS.map((line, i) => `{ ${line}; } >/opt/${i}`).join("\n");
    await scene.ball("a", `${script}\ntrue`).dance().ok();
    for (const [i, line] of LOOKS.entries()) {
      assertEquals(host.read(`/opt/${i}`), (await host.exec(["sh", "-c", line])).stdout, line);
    }
    assertMatch(host.read("/opt/0"), /^4755 \d+ \/usr\/bin\/kill$/m);
    assertMatch(host.read("/opt/1"), /^\?\?5\S+ +(\/usr)?\/sbin\/losetup$/m);
  });

  it("is a link where a manager of services lies, and no copy of it is merged", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/systemctl");
    for (const script of Object.values(REFUSED)) {
      await scene.ball("a", script).dance()
        .fails('Cannot merge "/opt/x" of ball "a": it is a copy of what stands in')
        .leaves({ "/opt/x": null });
    }
    for (const script of Object.values(FINE)) {
      await scene.ball("a", script).dance().ok();
      assert(host.exists("/opt/x"), script);
      await host.run(["rm", "/opt/x"]);
    }
    for (const script of Object.values(READING)) {
      for (const noop of [["--noop"], []]) {
        await scene.ball("a", script).dance(...noop)
          .fails("scripts/do: it read the content of systemctl, which is DISCO's stand-in")
          .leaves({ "/opt/x": null });
      }
    }
    // The controls: what runs it, asks for it or looks at its folder reads nothing; nor does another
    // file that begins so.
    const run = [
      "systemctl restart a; /usr/bin/systemctl restart b; sh -c 'exec /usr/bin/systemctl stop c'",
      "command -v systemctl; [ -x /usr/bin/systemctl ]; ls -l /usr/bin/systemctl; stat /usr/bin/s*l",
      'env /usr/bin/systemctl stop d; perl -e \'system "/usr/bin/systemctl", "stop", "e"\'',
      "find /usr/bin -name 'systemct*' -perm /111 -newer /etc/passwd; for i in 1 2 3; do :; done",
    ];
    for (const script of run) {
      await scene.ball("a", script).dryRun().ok();
    }
    await scene.ball("a", "echo '# DISCO' >/opt/x").dance().ok().leaves({ "/opt/x": "# DISCO\n" });
  });

  it("is not read by a bash template either", async () => {
    await using scene = await newScene();
    stub(scene.host, "/usr/bin/systemctl");
    scene.ball("a", { "templates/etc/sum": "#!/bin/bash\nsha256sum /usr/bin/systemctl\n" });
    await scene.dance().fails("it read the content of systemctl").leaves({ "/etc/sum": null });
  });

  it("has a path that no file and no link may hold", async () => {
    await using scene = await newScene();
    stub(scene.host, "/usr/sbin/ip");
    scene.live({ "/etc/old": "PATH=/run/disco/bin:/bin\n" });
    const scripts: readonly [script: string, path: string, place: string][] = [
      ['echo "x ALL=NOPASSWD: $(command -v ip)" >/etc/x', "/etc/x", "/run/disco/by-name/ip"],
      ['echo "PATH=$PATH" >>/etc/environment', "/etc/environment", "/run/disco/bin"],
      ['umask 077; echo "$(command -v ip)" >/etc/secret', "/etc/secret", "/run/disco/by-name/ip"],
      ['ln -s "$(command -v ip)" /opt/ip', "/opt/ip", "/run/disco/by-name/ip"],
      ['echo "also $(command -v ip)" >>/etc/old', "/etc/old", "/run/disco/by-name/ip"],
      ["cat /proc/mounts >/etc/x", "/etc/x", "ask findmnt, or mount"],
      ["awk '$2 == \"/\"' /etc/mtab >/etc/x", "/etc/x", "ask findmnt, or mount"],
      [
        "perl -ne 'print if / \\/ /' /proc/self/mountinfo >/etc/x",
        "/etc/x",
        "ask findmnt, or mount",
      ],
      ["env >/etc/x", "/etc/x", "name the variables"],
    ];
    for (const [script, path, place] of scripts) {
      await scene.ball("a", script).dance().fails(`Cannot merge "${path}" of ball "a"`, place);
    }
    // The controls: what was there before, what the ball's author wrote, and logs.
    await scene.ball("a", {
      "files/etc/own": "/run/disco/bin/x\n",
      "scripts/1": 'echo more >>/etc/old; echo "$PATH" >/var/log/own; echo /usr/sbin/ip >/etc/x',
    }).dance().ok()
      .leaves({ "/etc/own": "/run/disco/bin/x\n", "/etc/old": "PATH=/run/disco/bin:/bin\nmore\n" });
  });

  it("cannot be changed, and can be replaced by a package", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/systemctl");
    const before = host.read("/usr/bin/systemctl");
    await scene.ball("a", "echo x >>/usr/bin/systemctl").dance().fails()
      .leaves({ "/usr/bin/systemctl": before });
    const replace = "printf '#!/bin/sh\\nexit 7\\n' >/usr/bin/.new; chmod 755 /usr/bin/.new; " +
      "mv /usr/bin/.new /usr/bin/systemctl";
    await scene.ball("a", replace).dance().ok()
      .leaves({ "/usr/bin/systemctl": "#!/bin/sh\nexit 7\n" });
  });

  it("answers for the command by its path and by its name", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/systemctl");
    await host.run(["ln", "-sf", "../bin/systemctl", "/usr/sbin/halt"]);
    const script =
      "set -e\nsystemctl restart a\n/usr/bin/systemctl restart b\n/bin/systemctl stop c\n" +
      "/usr/sbin/halt\nsh -c 'PATH=/usr/sbin:/usr/bin systemctl reload d'\n";
    await scene.ball("a", script).dryRun().effects(
      ...["systemctl restart a", "systemctl restart b", "systemctl stop c", "halt"],
      "systemctl reload d",
    );
  });
});
