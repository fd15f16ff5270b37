import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { fromFileUrl } from "@std/path";
import { describeOnHost, type Outcome, type ThrowawayHost, throwawayHost } from "./host/mod.ts";

const SETUP = fromFileUrl(new URL("../tasks/setup", import.meta.url));
const POLICY = "/usr/sbin/policy-rc.d";

// What stands in for the programs that would change or ask the world; they write down their calls.
const RECORD = '#!/bin/sh\necho "${0##*/} $*" >>/calls\n';
const APT_GET = `${RECORD}[ ! -x ${POLICY} ] || { ${POLICY}; echo policy $? >>/calls; }
[ ! -e /broken ] || exit 100
for package; do [ ! -e "/away/$package" ] || cp -a "/away/$package/." /; done\n`;
const NPM = `${RECORD}[ ! -e /broken ] || exit 1
package=$(sed -n 's,.*"node_modules/\\([^"]*\\)": .*,\\1,p' "$3/package-lock.json")
folder="$3/node_modules/$package"; mkdir -p "$folder"; cp -a /fake-deno "$folder/deno"\n`;
const DENO = `${RECORD}[ "$1" != --version ] || echo "deno 2.9.6 (stable)"\n`;

/** A machine with all that is needed, and with stand-ins that record. */
async function machine(): Promise<ThrowawayHost> {
  const host = await throwawayHost();
  await host.run(["sh", "-c", `rm -f ${POLICY} $(which -a deno npm)`]);
  host.write("/usr/bin/apt-get", APT_GET, 0o755);
  host.write("/usr/local/bin/npm", NPM, 0o755);
  host.write("/usr/local/bin/deno", DENO, 0o755);
  host.write("/fake-deno", DENO, 0o755);
  host.write("/calls", "", 0o666);
  return host;
}

/** Take a program away until its package is installed. */
async function without(host: ThrowawayHost, ...programs: [program: string, name: string][]) {
  const script = 'file=$(readlink -f "$(command -v "$1")") || exit 1; ' +
    'mkdir -p "/away/$2${file%/*}"; mv "$file" "/away/$2$file"; ! command -v "$1"';
  for (const [program, name] of programs) await host.run(["sh", "-c", script, "sh", program, name]);
}

const setup = (host: ThrowawayHost, ...args: string[]) => host.exec([SETUP, ...args]);
const calls = (host: ThrowawayHost) => host.read("/calls").trim().split("\n");

function assertFails(outcome: Outcome, ...says: string[]): void {
  assertEquals(outcome.code, 1, outcome.stderr);
  for (const text of says) assertStringIncludes(outcome.stderr, text);
  assertMatch(outcome.stderr, /^error: Cannot /m);
}

describeOnHost("tasks/setup", () => {
  it("does nothing on a machine that has everything", async () => {
    await using host = await machine();
    const { code, stdout, stderr } = await setup(host);
    assertEquals([code, stdout, stderr], [0, "info: nothing to do\n", ""]);
    assertEquals(calls(host), [
      "deno --version",
      "deno ci",
      "deno run -A --frozen --cached-only tasks/bundle.ts --if-changed",
    ]);
  });

  it("goes on without a bundle where none can be built, and says so", async () => {
    await using host = await machine();
    const noBundle = '[ "$1" != run ] || { echo "error: Cannot build dist" >&2; exit 1; }\n';
    host.write("/usr/local/bin/deno", DENO + noBundle, 0o755);
    const { code, stdout, stderr } = await setup(host);
    assertEquals([code, stdout], [0, "info: nothing to do\n"]);
    assertMatch(stderr, /^warning: the tasks start from the sources.*: error: Cannot build dist$/m);
  });

  it("installs what is missing, says so, and starts no service", async () => {
    await using host = await machine();
    await without(host, ["rsync", "rsync"], ["sshd", "openssh-server"], ["strace", "strace"]);
    const { code, stdout } = await setup(host);
    assertEquals(code, 0);
    assertMatch(stdout, /^info: installing with apt-get: openssh-server rsync strace$/m);
    assertEquals(
      calls(host).slice(0, 3),
      [
        "apt-get -q update",
        "apt-get -q install -y --no-install-recommends openssh-server rsync strace",
        "policy 101",
      ].filter((line) => line !== "policy 127"),
    );
    assertEquals(host.exists(POLICY), false);
    assertEquals((await setup(host)).stdout, "info: nothing to do\n");
  });

  it("installs what virtual machines need only where it is asked for", async () => {
    await using host = await machine();
    await host.run(["sh", "-c", "rm -f $(which -a mmdebstrap qemu-system-x86_64 qemu-img)"]);
    assertEquals((await setup(host)).stdout, "info: nothing to do\n");
    const { stdout } = await setup(host, "--machine");
    assertMatch(stdout, /^info: installing with apt-get: mmdebstrap qemu-system-x86 qemu-utils$/m);
  });

  it("leaves the administrator's own policy for services alone", async () => {
    await using host = await machine();
    host.write(POLICY, "#!/bin/sh\nexit 104\n", 0o755);
    await without(host, ["strace", "strace"]);
    assertEquals((await setup(host)).code, 0);
    assertEquals(calls(host).includes("policy 104"), true);
    assertEquals(host.read(POLICY), "#!/bin/sh\nexit 104\n");
  });

  it("gets Deno from npm, in the version it wants", async () => {
    for (const old of [undefined, "2.1.0"]) {
      await using host = await machine();
      await host.run(["rm", "/usr/local/bin/deno"]);
      if (old) host.write("/usr/bin/deno", `#!/bin/sh\necho "deno ${old}"\n`, 0o755);
      const { code, stdout, stderr } = await setup(host);
      assertEquals([code, stderr], [0, ""]);
      assertMatch(stdout, /^info: installing Deno 2\.9\.6 in \/usr\/local\/lib\/deno-2\.9\.6$/m);
      assertMatch(
        calls(host)[0]!,
        /^npm ci --prefix \/usr\/local\/lib\/deno-2\.9\.6 --ignore-scripts /,
      );
      // npm installs what this names, and nothing with another hash.
      const lock = JSON.parse(host.read("/usr/local/lib/deno-2.9.6/package-lock.json"));
      const { "": _, ...packages } = lock.packages as Record<string, { integrity: string }>;
      assertMatch(Object.keys(packages).join(), /^node_modules\/@deno\/linux-(x64|arm64)-glibc$/);
      assertMatch(Object.values(packages)[0]!.integrity, /^sha512-[\w+/]{86}==$/);
      assertMatch(host.readlink("/usr/local/bin/deno"), /^\/usr\/local\/lib\/deno-2\.9\.6\//);
      assertEquals((await setup(host)).stdout, "info: nothing to do\n");
    }
  });

  it("gets npm from apt-get first where there is none", async () => {
    await using host = await machine();
    await without(host, ["npm", "npm"]);
    await host.run(["rm", "/usr/local/bin/deno"]);
    assertEquals((await setup(host)).code, 0);
    assertEquals(calls(host).filter((l) => !l.startsWith("deno")).map((l) => l.split(" ", 3)), [
      ["apt-get", "-q", "update"],
      ["apt-get", "-q", "install"],
      ["npm", "ci", "--prefix"],
    ]);
  });

  it("says what to do when it is not root, and something is missing", async () => {
    await using host = await machine();
    const nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sh", SETUP];
    // Control: without anything to install, anybody may.
    assertEquals((await host.exec(nobody)).code, 0);
    await without(host, ["strace", "strace"]);
    assertFails(await host.exec(nobody), "install strace: not root", "sudo");
    assertEquals(calls(host).some((line) => line.startsWith("apt-get")), false);
  });

  it("refuses machines that it cannot prepare", async () => {
    const cases: [prepare: string, says: string[]][] = [
      ["printf '#!/bin/sh\\necho riscv64\\n' >/usr/local/bin/uname", ["not Linux"]],
      [
        `printf '#!/bin/sh\\n[ "$1" = -s ] && echo Linux || echo riscv64\\n' >/usr/local/bin/uname`,
        ["no Deno for its architecture, riscv64"],
      ],
      ["rm /usr/bin/apt-get /usr/bin/strace /usr/bin/rsync", ["rsync strace", "no apt-get"]],
      ["rm /usr/bin/apt-get /usr/local/bin/npm /usr/local/bin/deno", ["neither npm nor apt-get"]],
      ["touch /broken; rm /usr/bin/strace", ["apt-get failed", "mirror"]],
      ["touch /broken; rm /usr/local/bin/deno", ["npm failed", "into the PATH", "cafile"]],
      [
        "echo 'exit 1' >>/usr/local/bin/deno",
        ["the dependencies", "reachable", "DENO_TLS_CA_STORE"],
      ],
    ];
    for (const [prepare, says] of cases) {
      await using host = await machine();
      await host.run(["sh", "-c", `${prepare}; chmod -f 755 /usr/local/bin/* || true`]);
      assertFails(await setup(host), ...says);
      assertEquals(host.exists(POLICY), false);
    }
  });

  it("explains itself", async () => {
    await using host = await machine();
    const { code, stdout } = await setup(host, "--help");
    assertEquals(code, 0);
    assertMatch(stdout, /^ +rsync +rsync +fetches balls$/m);
    assertEquals((await setup(host, "--wrong")).code, 3);
    assertEquals(calls(host), [""]);
  });
});
