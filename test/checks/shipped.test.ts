/** Each shipped check whose tool this machine has: a tree that must fail, and one that must pass. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import type { Result } from "../../mod.ts";
import type { BallFiles } from "../host/scene.ts";
import { describeOnHost, newScene } from "../host/mod.ts";

interface Case {
  readonly what: string;
  /** Where the tool is; the case is skipped without it. */
  readonly tool: string;
  readonly bad: BallFiles;
  readonly good: BallFiles;
  /** How the command begins. */
  readonly command: string;
  /** What it prints of the bad one. */
  readonly said: string;
}

const UNIT = (line: string) => ({
  "files/etc/systemd/system/a.service": `[Service]\n${line}\n`,
});

const CASES: readonly Case[] = [
  {
    what: "sshd -t",
    tool: "/usr/sbin/sshd",
    bad: { "scripts/1": "ssh-keygen -A; echo Nonsense yes >>/etc/ssh/sshd_config" },
    good: { "scripts/1": "ssh-keygen -A; echo X11Forwarding no >/etc/ssh/sshd_config" },
    command: "sh -c mkdir -p /run/sshd",
    said: "Bad configuration option: Nonsense",
  },
  {
    what: "pwck",
    tool: "/usr/sbin/pwck",
    bad: { "scripts/1": "echo 'broken:x:4711' >>/etc/passwd" },
    good: {
      "scripts/1": "echo 'fine:x:4711:0::/nowhere:/bin/sh' >>/etc/passwd; " +
        "echo 'fine:!:19000:0:99999:7:::' >>/etc/shadow",
    },
    command: "sh -c out=$(pwck",
    said: "invalid password file entry",
  },
  {
    what: "grpck",
    tool: "/usr/sbin/grpck",
    bad: { "scripts/1": "echo 'broken:x' >>/etc/group" },
    good: { "scripts/1": "echo 'fine:x:4711:' >>/etc/group; echo 'fine:!::' >>/etc/gshadow" },
    command: "sh -c out=$(grpck",
    said: "invalid group file entry",
  },
  {
    what: "findmnt --verify",
    tool: "/usr/bin/findmnt",
    bad: { "files/etc/fstab": "nonsense\n" },
    good: { "files/etc/fstab": "proc /proc proc defaults 0 0\n" },
    command: "sh -c out=$(findmnt",
    said: "parse error",
  },
  {
    what: "systemd-analyze verify",
    tool: "/usr/bin/systemd-analyze",
    bad: UNIT("Nonsense"),
    good: UNIT("ExecStart=/bin/true"),
    command: "sh -c for f; do shift; [",
    said: "a.service",
  },
  {
    what: "systemd-analyze verify of a drop-in, and of what is masked",
    tool: "/usr/bin/systemd-analyze",
    bad: {
      ...UNIT("ExecStart=/bin/true"),
      "files/etc/systemd/system/a.service.d/b.conf": "[Service]\nExecStart=/bin/false\n",
    },
    good: {
      ...UNIT("ExecStart=/bin/true"),
      "files/etc/systemd/system/a.service.d/b.conf": "[Service]\nNice=5\n",
      "scripts/1": "ln -s /dev/null /etc/systemd/system/b.service",
    },
    command: "sh -c for f; do shift; u=",
    said: "more than one ExecStart",
  },
  {
    what: "bash -n of a profile",
    tool: "/usr/bin/bash",
    bad: { "files/etc/profile.d/a.sh": "if true; then\n" },
    good: { "files/etc/profile.d/a.sh": "if true; then :; fi\n" },
    command: "bash -n",
    said: "syntax error",
  },
  {
    what: "sh -n of a cron script, not of other languages",
    tool: "/bin/sh",
    bad: { "files/etc/cron.daily/a": "#!/bin/sh\nfi\n" },
    good: {
      "files/etc/cron.daily/a": "#!/bin/sh\n:\n",
      "files/etc/cron.daily/b": "#!/usr/bin/perl\nfi(\n",
    },
    command: "sh -c bad=0",
    said: "fi",
  },
  {
    what: "sysctl --dry-run",
    tool: "/usr/sbin/sysctl",
    bad: { "files/etc/sysctl.d/a.conf": "vm.swappiness 10\n" },
    good: { "files/etc/sysctl.d/a.conf": "vm.swappiness = 10\n-no.such.setting = 1\nnor.this=2\n" },
    command: "sh -c sysctl --help",
    said: "invalid syntax",
  },
  {
    what: "whether sh starts",
    tool: "/bin/sh",
    bad: { "files/etc/ld.so.preload": "", "scripts/1": "chmod 0644 /usr/bin/dash" },
    good: { "files/etc/ld.so.preload": "" },
    command: "/bin/sh -c true",
    said: "",
  },
  {
    what: "ldconfig -p",
    tool: "/usr/sbin/ldconfig",
    bad: { "files/etc/ld.so.cache": "nonsense" },
    good: { "scripts/1": "/usr/sbin/ldconfig; touch -d @1 /etc/ld.so.cache" },
    command: "ldconfig -p",
    said: "",
  },
];

/** The status of the check that begins so. */
function statusOf({ checks = [] }: Result, command: string): string | undefined {
  return checks.find(({ argv }) => argv.join(" ").startsWith(command))?.status;
}

/** What checks show and do not mind. */
const SHOWN = [
  {
    what: "JSON that is none",
    tool: "/usr/bin/jq",
    ball: { "files/etc/a/b.json": "{ nonsense\n", "files/etc/a/c.json": "{}\n" },
    command: "jq empty",
    status: "warned",
    said: "parse error",
  },
  {
    what: "YAML that is none",
    tool: "/usr/lib/python3/dist-packages/yaml",
    ball: { "files/etc/a/b.yaml": "a: [1\n", "files/etc/a/c.yaml": "a: !own 1\n---\nb: 2\n" },
    command: "/usr/bin/python3 -I",
    status: "warned",
    said: "while parsing a flow sequence",
  },
  {
    what: "a program of a unit that is not there yet",
    tool: "/usr/bin/systemd-analyze",
    ball: UNIT("ExecStart=/no/such/program"),
    command: "sh -c for f; do shift; [",
    said: "/no/such/program",
  },
  {
    what: "an account without a line in shadow",
    tool: "/usr/sbin/pwck",
    ball: { "scripts/1": "echo 'app:x:4711:0::/nowhere:/bin/sh' >>/etc/passwd" },
    command: "sh -c out=$(pwck",
    said: "no matching password file entry in /etc/shadow",
  },
  {
    what: "a member of a group that is not known",
    tool: "/usr/sbin/grpck",
    ball: { "scripts/1": "echo 'team:x:4711:faraway' >>/etc/group" },
    command: "sh -c out=$(grpck",
    said: "no user faraway",
  },
  {
    what: "a disk of fstab that is not reachable",
    tool: "/usr/bin/findmnt",
    ball: { "files/etc/fstab": "UUID=0-0 / ext4 defaults 0 1\n" },
    command: "sh -c out=$(findmnt",
    said: "unreachable on boot required source: UUID=0-0",
  },
];

describeOnHost("a shipped check", () => {
  for (const { what, tool, bad, good, command, said } of CASES) {
    it(`fails a tree that must fail, and passes one that must not: ${what}`, async (t) => {
      await using scene = await newScene();
      const { host } = scene;
      if (!host.exists(tool)) {
        console.log(`${t.name}: skipped, ${tool} is not installed`);
        return;
      }
      const refused = await scene.ball("a", bad).dryRun().fails(said);
      assertEquals(statusOf(refused.result, command), "failed");
      const passed = await scene.ball("a", good).dryRun().ok();
      assertEquals([passed.stderr, statusOf(passed.result, command)], ["", "passed"]);
    });
  }

  for (const { what, tool, ball, command, said, status = "not-tried" } of SHOWN) {
    it(`shows ${what}, and does not fail for that`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      if (!host.exists(tool)) return console.log(`skipped: ${tool} is not installed`);
      const { result } = await scene.ball("a", ball).dryRun().warns(said).ok();
      assertEquals(statusOf(result, command), status);
    });
  }

  it("does not show a line of accounts, which may hold a hash", async () => {
    await using scene = await newScene();
    const { host } = scene;
    if (!host.exists("/usr/sbin/pwck")) return console.log("skipped: pwck is not installed");
    const { stderr } = await scene.ball("a", "echo 'broken:$6$salt$hash-of-it' >>/etc/shadow")
      .dryRun().fails("invalid shadow password file entry");
    assert(!stderr.includes("hash-of-it"));
    // Control: the tool shows it.
    const { stdout } = await host.exec([
      ...["sh", "-c", "echo 'broken:$6$salt$hash-of-it' >>/etc/shadow; yes n | pwck -r"],
    ]);
    assertStringIncludes(stdout, "hash-of-it");
  });
});
