import { assertEquals, assertMatch } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fromFileUrl } from "@std/path";
import { landlockVersion } from "../../lib/posix/mod.ts";
import { confineProgram } from "../../lib/sandbox/confine.ts";
import { PROGRAMS } from "../../lib/sandbox/confine/programs.ts";
import { run } from "../../lib/process/run.ts";
import { findProgram } from "../../lib/process/find_program.ts";
import { describeOnHost, type ThrowawayHost, throwawayHost } from "../host/mod.ts";
import { inSandbox, type Word } from "./support.ts";

const PASSING = fromFileUrl(new URL("passing.pl", import.meta.url));
const SECRET = "/srv/outside/secret";

/** Open a file of the host by a descriptor of its root, which a process of the host gives. */
async function take(host: ThrowawayHost, ...words: Word[]): Promise<string> {
  host.write("/srv/ball/passing.pl", await Deno.readTextFile(PASSING));
  host.write(SECRET, "of the host\n");
  const giver = host.spawn(["perl", "/srv/ball/passing.pl", "give", "disco-test"]);
  await giver.printed(/ready/);
  // The union has the same file: it is the way that must not lead there.
  const script = `perl /run/disco/ball/passing.pl take disco-test ${SECRET.slice(1)}`;
  const { lines } = await inSandbox(host, script, ...words);
  await giver.kill("SIGKILL");
  await giver.outcome;
  return lines.join("\n");
}

const isComplete = landlockVersion() >= 6;
if (!isComplete) console.warn("skipped: the Landlock of this kernel has no scopes");
const it6 = isComplete ? it : it.skip;

describeOnHost("a descriptor of the host's / that a process of the host passes", () => {
  it6("should not come through, in a live run or with a dry run's own wish", async () => {
    await using host = await throwawayHost();
    assertEquals(await take(host, "network"), "connect: Operation not permitted");
  });

  it("control: without Landlock it opens files of the host", async () => {
    await using host = await throwawayHost();
    assertEquals(await take(host, "network", "landlock"), "read: of the host");
  });
});

/** Ways to a file by a descriptor of the host's root. */
const LEAK = `perl -e '
  chdir "/proc/self/fd/$ENV{LEAK}" or die "chdir: $!";
  for (qw(${SECRET.slice(1)} srv)) {
    my $is = -d $_ ? opendir(my $d, $_) : open(my $f, "<", $_);
    print "$_: ", $is ? "open" : $!, "\\n";
  }
  for (["make", mkdir "srv/new"], ["rename", rename "srv/outside", "srv/other"],
    ["remove", unlink "${
  SECRET.slice(1)
}"]) { print "$$_[0]: ", $$_[1] ? "done" : "refused", "\\n" }
'`;

describeOnHost("a descriptor of the host's / that a script has", () => {
  it("should open nothing, and change no name", async () => {
    await using host = await throwawayHost();
    host.write(SECRET, "");
    const { lines } = await inSandbox(host, LEAK, "leak", "descriptors");
    assertEquals(lines, [
      `${SECRET.slice(1)}: Permission denied`,
      "srv: Permission denied",
      "make: refused",
      "rename: refused",
      "remove: refused",
    ]);
  });

  it("control: without Landlock it does", async () => {
    await using host = await throwawayHost();
    host.write(SECRET, "");
    const { lines } = await inSandbox(host, LEAK, "leak", "descriptors", "landlock");
    assertEquals(lines, [
      `${SECRET.slice(1)}: open`,
      "srv: open",
      "make: done",
      "rename: done",
      "remove: refused",
    ]);
    assertEquals(host.exists("/srv/new"), true);
  });
});

/** What scripts do, and what would break under a wrong rule. */
const ORDINARY = [
  "cat /dev/stdin </dev/null; echo >/dev/null; echo out >/dev/stdout; echo err >/dev/stderr",
  "mkdir /srv/one /srv/two; : >/srv/one/f; mv /srv/one/f /srv/two/f; ln /srv/two/f /srv/one/f",
  "mv /srv/one/f /tmp/f; mv /tmp/f /run/f; mv /srv/two /var/two; mkfifo /srv/fifo",
  "mkdir /root/new; mv /root/new /etc/new; chroot / true",
  "perl -MSocket -e 'socket S, AF_UNIX, SOCK_STREAM, 0; bind S, sockaddr_un(\"/tmp/s\") or die'",
  "script -qec 'tty; echo >/dev/tty' /dev/null",
  "perl -e 'my $n = qq(q\\0); exit(syscall($ENV{MQ}, $n, 0102, 0600, 0) < 0)'",
  "perl -e 'kill 0, $$ or die; kill 0, getppid or die'; flock /srv/one true",
  "cat <(echo pipe); cat <<<here; exec 3<>/srv/rw; truncate -s 5 /srv/rw; dd if=/dev/zero count=1",
  "bash -c 'coproc cat; echo >&${COPROC[1]}'; ls /proc/1/fd /proc/self/fd /sys/class >/dev/null",
];

describeOnHost("what scripts do every day", () => {
  it("should work under Landlock", async () => {
    await using host = await throwawayHost();
    const number = Deno.build.arch === "x86_64" ? 240 : 180;
    const script = ["set -e", `export MQ=${number}`, ...ORDINARY].join("\n");
    const { code, lines } = await inSandbox(host, script);
    assertEquals(code, 0, lines.join("\n"));
  });
});

const missing = ["as", "ld", "objcopy"].filter((name) => !findProgram(name));
if (missing.length > 0) {
  console.warn(`warning: skipped "is what its source says": there is no ${missing.join(", ")}`);
}
const itAssembles = missing.length === 0 ? it : it.skip;

describe("the program that puts Landlock on", () => {
  itAssembles("should be what its source says, on this architecture", async () => {
    const source = new URL(`../../lib/sandbox/confine/${Deno.build.arch}.s`, import.meta.url);
    const folder = await Deno.makeTempDir();
    try {
      const script =
        'as -o o "$0"; ld -Ttext=0x400000 -o e o; objcopy -O binary -j .text e confine';
      await run(["sh", "-ec", script, fromFileUrl(source)], { cwd: folder });
      const assembled = (await Deno.readFile(`${folder}/confine`)).toBase64();
      assertEquals(PROGRAMS[Deno.build.arch], assembled);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });

  it("should run nothing where it cannot do what it was told", async () => {
    const path = await Deno.makeTempFile();
    try {
      // Told of rights that no kernel has.
      const program = confineProgram(0);
      new DataView(program.buffer, program.length - 40).setBigUint64(0, 1n << 63n, true);
      await Deno.writeFile(path, program, { mode: 0o755 });
      await Deno.chmod(path, 0o755);
      const start = (...args: string[]) => new Deno.Command(path, { args, stdin: "null" }).output();
      const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
      const refused = await start("2", "/bin/echo", "ran");
      assertEquals([refused.code, text(refused.stdout)], [125, ""]);
      assertMatch(text(refused.stderr), /cannot close the sandbox/);
      const free = await start("0", "/bin/echo", "ran");
      assertEquals([free.code, text(free.stdout)], [0, "ran\n"]);
      const absent = await start("0", "/no/such/program");
      assertEquals(absent.code, 125);
      assertMatch(text(absent.stderr), /cannot run the first program/);
    } finally {
      await Deno.remove(path);
    }
  });
});
