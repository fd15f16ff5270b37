import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, type ThrowawayHost, throwawayHost } from "../host/mod.ts";
import { inSandbox, sandboxed, type Word } from "./support.ts";

/** What is shown of the host, and what it is there. */
const SHOWN: Readonly<Record<string, string>> = {
  "/run/disco/live/0/bin/env": "/usr/bin/env",
  "/run/disco/ball/locked": "/srv/ball/locked",
  "/var/disco/parameters/n/locked": "/var/disco/parameters/n/locked",
  "/proc/sys/kernel/ostype": "/proc/sys/kernel/ostype",
};
/** Without a wall of their own. */
const ALWAYS: Readonly<Record<string, string>> = {
  "/sys/kernel/uevent_seqnum": "/sys/kernel/uevent_seqnum",
  "/sys/kernel": "/sys/kernel",
  "/run/disco/time": "/usr/bin/time",
  "/etc/hostname": "/etc/hostname",
  "/dev/null": "/dev/null",
};

/** Takes a lock on each path, then waits; or says which of them somebody else has locked. */
const LOCK =
  "for (@ARGV) { open my $f, q(<), $_ or die qq($_: $!); push @f, $f; flock $f, 6 or die }" +
  " $| = 1; print qq(ready\\n); sleep 600";
const LOOK =
  "for (@ARGV) { open my $f, q(<), $_ or die qq($_: $!); flock $f, 6 or print qq($_\\n) }";

/** The paths of the host whose locks are taken while a script holds those of what it is shown. */
async function felt(host: ThrowawayHost, shown: typeof SHOWN, ...words: Word[]): Promise<string[]> {
  host.write("/srv/ball/locked", "");
  host.write("/var/disco/parameters/n/locked", "");
  const quoted = Object.keys(shown).join(" ");
  const running = host.spawn(sandboxed(`exec perl -e '${LOCK}' ${quoted}`, ...words));
  await running.printed(/ready/);
  const { stdout } = await host.exec(["perl", "-e", LOOK, ...Object.values(shown)]);
  await running.kill("SIGKILL");
  await running.outcome;
  return stdout.split("\n").filter((line) => line !== "");
}

describeOnHost("a lock on what is shown of the host", () => {
  it("should not be felt by the host", async () => {
    await using host = await throwawayHost();
    assertEquals(await felt(host, { ...SHOWN, ...ALWAYS }), []);
  });

  it("control: without the covers it is", async () => {
    await using host = await throwawayHost();
    assertEquals(await felt(host, SHOWN, "covers"), Object.values(SHOWN));
  });
});

/** What root has a number of, for all its processes (proc_sys_fs(5)), and the call that takes one. */
const COUNTED = [["inotify_init1", 294, 26], ["fanotify_init", 300, 262], ["io_setup", 206, 0]];

describeOnHost("what is counted by user", () => {
  const column = Deno.build.arch === "x86_64" ? 1 : 2;
  const calls = COUNTED.map(([name, ...numbers]) => `${name}=${numbers[column - 1]}`);
  const script = `perl -e 'for (@ARGV) { my ($name, $number) = split "=";
    my $context = pack "Q", 0;
    print "$name: ", syscall($number, $name eq "io_setup" ? (1, $context) : (0, 0)) < 0 ? $! : "taken", "\\n" }' ${
    calls.join(" ")
  }`;

  it("should not be there to be used up, and programs do without", async () => {
    await using host = await throwawayHost();
    const tail = "echo followed >/srv/log; timeout 1 tail -n 1 -f /srv/log 2>/dev/null";
    const { lines } = await inSandbox(host, `${script}\n${tail}`);
    const missing = COUNTED.map(([name]) => `${name}: Function not implemented`);
    assertEquals(lines, [...missing, "followed"]);
  });

  it("control: without the filter it is", async () => {
    await using host = await throwawayHost();
    const { lines } = await inSandbox(host, script, "seccomp", "capabilities");
    assertEquals(lines, COUNTED.map(([name]) => `${name}: taken`));
  });
});
