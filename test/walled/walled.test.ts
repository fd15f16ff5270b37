import { assertEquals } from "@std/assert";
import { afterAll, beforeAll, describe, it } from "@std/testing/bdd";
import { join } from "@std/path";
import { evaluatorWalls } from "../../lib/render/evaluator.ts";
import { ACCOUNTS, signalOf, spawnWalled, type Walls } from "../../lib/walled/mod.ts";

/** A folder that can be written: `$T`. */
const OWN = "T=$X/own; [ -d $T ] || { T=/tmp/x; mkdir -p $T; }";

/** What a hostile helper tries, in sh; the exit code 0 says that it has worked. `$X` is a folder. */
const ATTACKS: Readonly<Record<string, string>> = {
  "read the shadow file": "cat /etc/shadow",
  "read a file of root's": "cat $X/secret",
  "write beside what it was given": "echo x >$X/new",
  "change what it reads": "echo x >>/here/other || echo x >>$X/here/other",
  "see a process of the host": "kill -0 $HOST",
  "signal DISCO": "kill -0 $PPID && [ $PPID -gt 9 ]",
  "be root": '[ "$(id -u)" = 0 ]',
  "give a file away": `${OWN}; touch $T/f && chown 1 $T/f`,
  "connect to what listens on the loopback":
    "perl -MSocket -e 'socket(S, AF_INET, SOCK_STREAM, 0); " +
    "exit !connect(S, pack_sockaddr_in($ENV{PORT}, INADDR_LOOPBACK))'",
  "talk to a socket of the machine": "perl -MSocket -e 'exit !socket(S, AF_UNIX, SOCK_STREAM, 0)'",
  "open a file by its handle": "perl -e '$! = 0; syscall(304, -1, 0, 0); exit($! == 1)'",
  "make a namespace": "unshare --user true",
  "mount": "mount -t tmpfs none /mnt",
  "make a device": `${OWN}; mknod $T/null c 1 3 && echo x >$T/null`,
};

describe("the walls of a helper", () => {
  let dir: string, host: Deno.ChildProcess, listener: Deno.Listener, env: Record<string, string>;

  beforeAll(() => {
    dir = Deno.makeTempDirSync();
    Deno.writeTextFileSync(join(dir, "secret"), "x", { mode: 0o600 });
    Deno.mkdirSync(join(dir, "here"));
    Deno.writeTextFileSync(join(dir, "here/file"), "x", { mode: 0o600 });
    Deno.writeTextFileSync(join(dir, "here/other"), "x", { mode: 0o666 });
    Deno.mkdirSync(join(dir, "own"));
    Deno.mkdirSync(join(dir, "in"));
    Deno.chownSync(join(dir, "in"), ACCOUNTS.fetch, ACCOUNTS.fetch);
    host = new Deno.Command("sleep", { args: ["600"] }).spawn();
    listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    env = { X: dir, HOST: String(host.pid), PORT: String((listener.addr as Deno.NetAddr).port) };
  });
  afterAll(async () => {
    listener.close();
    host.kill("SIGKILL");
    await host.status;
    Deno.removeSync(dir, { recursive: true });
  });

  const walls = (more: Partial<Walls> = {}): Walls => ({
    account: ACCOUNTS.fetch,
    system: "programs",
    network: false,
    readsAll: true,
    mounts: [
      { from: join(dir, "here"), to: "/here" },
      { from: join(dir, "in"), to: "/in", writable: true },
    ],
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", ...env },
    limits: {},
    ...more,
  });

  async function inside(script: string, given = walls()): Promise<[number, string]> {
    const child = spawnWalled(given, ["/bin/sh", "-c", script], "a test", {
      stdin: "null",
      stdout: "piped",
      stderr: "null",
    });
    const { code, stdout } = await child.output();
    return [code, new TextDecoder().decode(stdout).trim()];
  }

  /** The same with what is around DISCO itself. */
  async function unwalled(script: string): Promise<number> {
    const own = 'cd "$X/own" && eval "$1"';
    const { code } = await new Deno.Command("unshare", {
      args: ["--mount", "--propagation", "private", "sh", "-c", own, "sh", script],
      env,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    return code;
  }

  for (const [what, script] of Object.entries(ATTACKS)) {
    it(`keep it from what it could do else: ${what}`, async () => {
      assertEquals((await inside(script))[0] === 0, false);
      assertEquals(await unwalled(script), 0, "the control");
    });
  }

  it("give it what it needs: to read, and one folder to write", async () => {
    const [code, said] = await inside("cat /here/file && echo y >/in/new && id -u && id -G");
    assertEquals([code, said], [0, `x${ACCOUNTS.fetch}\n${ACCOUNTS.fetch}`]);
    assertEquals(Deno.statSync(join(dir, "in/new")).uid, ACCOUNTS.fetch);
  });

  it("let it read what only root may only where that is wanted", async () => {
    assertEquals((await inside("cat /here/file", walls({ readsAll: false })))[0], 1);
  });

  it("have nothing running when the helper has ended", async () => {
    await inside("(setsid sh -c 'while :; do echo x >>/in/late; done' &) ; sleep 0.1");
    const size = Deno.statSync(join(dir, "in/late")).size;
    await new Promise((done) => setTimeout(done, 100));
    assertEquals(Deno.statSync(join(dir, "in/late")).size, size);
  });

  it("show nobody its environment, in which a password may be", async () => {
    const child = spawnWalled(
      walls({ env: { ...env, PATH: "/usr/bin", PASSWORD: "sesame" } }),
      ["/bin/sh", "-c", 'echo "$PASSWORD"; read wait'],
      "a test",
      { stdin: "piped", stdout: "piped", stderr: "null" },
    );
    const reader = child.stdout.getReader();
    assertEquals(new TextDecoder().decode((await reader.read()).value), "sesame\n");
    const { stdout } = await new Deno.Command("ps", { args: ["-eo", "args"] }).output();
    await child.stdin.close();
    await reader.cancel();
    await child.status;
    const shown = new TextDecoder().decode(stdout);
    assertEquals([shown.includes("sesame"), shown.includes("read wait")], [false, true]);
  });

  it("tell a signal", async () => {
    assertEquals(signalOf((await inside("kill -9 $$"))[0]), "SIGKILL");
    assertEquals(signalOf((await inside("exit 23"))[0]), null);
  });

  it("of the renderer hold Deno, and nothing else to run or to read", async () => {
    const list = "echo /* /bin/* /usr/bin/* /usr/sbin/* /etc/* /home /root; echo /proc/[0-9]*";
    const [, said] = await inside(list, evaluatorWalls());
    assertEquals(said.includes("/deno"), true);
    assertEquals(/shadow|perl|bash|ssh|\/opt|\/here|\/var/.test(said), false, said);
    assertEquals(said.includes(`/proc/${host.pid}`), false);
  });
});
