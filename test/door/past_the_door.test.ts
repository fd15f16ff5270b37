/**
 * Whole dances under strace: every call of DISCO's own process that names something of a tree that is
 * not its own must go through the door. What DISCO starts is not looked at: it is in the sandbox, or
 * gets descriptors.
 */
import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, Scene, type ThrowawayHost } from "../host/mod.ts";
import { copyWith } from "../outside/mutant.ts";
import { attackedHost } from "../outside/scene.ts";
import { strayNames } from "./rules.ts";
import { callsOf, STRACE } from "./trace.ts";
import { FROM_GIVEN } from "../host/scene.ts";

const FIRST = {
  a: {
    "files/etc/a.conf": "a\n",
    "files/srv/x/y": "1\n",
    "files/home/alice/d/file": "1\n",
    "files/mnt/data/file": "1\n",
    "templates/etc/t.eta": "<%= it.node %>\n",
    "templates/etc/bash": "echo hi",
    permissions: "0640 root root /etc/a.conf\n- alice alice /home/alice/**\n",
    "scripts/10": `echo b >>/srv/old; rm -rf /srv/d; chmod 600 /srv/keep; mkdir -p /media/n
echo 1 >/media/n/f; ln /media/n/f /media/n/g; mkfifo /media/n/p; ln -s /etc /srv/l
disco-effect true; systemctl is-enabled x || true`,
  },
};
/** Changes, deletions, purges and another type in the place of one. */
const SECOND = {
  a: {
    purge: "/srv/x/**\n/home/alice/**\n",
    "files/etc/a.conf": "changed\n",
    "scripts/10": `chown -R 1000:1000 /mnt/data; setfattr -n user.k -v 1 /srv/keep || true
rm -rf /media/n; echo file >/media/n; mv /srv/old /srv/new; rm /srv/l; mkdir /srv/l`,
  },
  b: { requires: "a", "files/srv/b": "b\n" },
};
const MAIN = "export async function main(";
const HOST = "echo old >/srv/old; mkdir /srv/d; echo 1 >/srv/d/1; echo k >/srv/keep\n";

/** What is looked at, in this order, on one host; each but the dry runs must have succeeded. */
const COMMANDS: readonly (readonly string[])[] = [
  ["dance", "--noop", ...FROM_GIVEN],
  ["dance", ...FROM_GIVEN],
  ["check", "a", ...FROM_GIVEN],
  ["rollback"],
  ["recover"],
];

describeOnHost("a dance", () => {
  it("names nothing of others' trees but through the door", async () => {
    await using host = await attackedHost(HOST);
    const scene = new Scene(host);
    await scene.balls(FIRST).dance().ok();
    scene.balls(SECOND);
    const stray: string[] = [];
    for (const command of COMMANDS) {
      stray.push(...await strayOf(host, host.discoArgv(), command));
    }
    assertEquals(summed(stray), []);
  });

  for (
    const [what, file, from, to] of [
      [
        "one plain lstat",
        "tasks/dance.ts",
        MAIN,
        `Deno.lstatSync("/srv/keep");\n${MAIN}`,
      ],
      [
        "one name with two parts in an open directory",
        "tasks/dance.ts",
        MAIN,
        'import { lstat, O, open } from "../lib/posix/mod.ts";\n' +
        `lstat("home/alice", open("/", O.RDONLY | O.DIRECTORY));\n${MAIN}`,
      ],
    ] as const
  ) {
    it(`is noticed with ${what}: a control`, async () => {
      await using host = await attackedHost(HOST);
      new Scene(host).balls(FIRST);
      const start = await copyWith(host, [{ file, from, to }]);
      const stray = await strayOf(host, start, ["dance", "--noop", ...FROM_GIVEN]);
      const expected = what.includes("lstat") ? "/srv/keep" : "home/alice";
      assert(stray.some((line) => line.endsWith(expected)), stray.join("\n"));
    });
  }
});

/** `call path` of each call that goes past the door. */
async function strayOf(
  host: ThrowawayHost,
  start: readonly string[],
  command: readonly string[],
): Promise<string[]> {
  const argv = [...STRACE, "-o", "/run/test-trace", ...start, ...command];
  const { code, stderr, stdout } = await host.exec(argv, { timeout: 300_000 });
  assert(code === 0 || command[0] === "check", `${command.join(" ")}: ${code} ${stdout}${stderr}`);
  const calls = callsOf(host.read("/run/test-trace"));
  assert(calls.length > 100, "the trace is nearly empty");
  const runtime = start.slice(0).filter((word) => word.startsWith("/")).map(folderOf);
  return calls.flatMap((call) =>
    strayNames(call, [...runtime, ...RUNTIME]).map((path) => `${command[0]}: ${call.name} ${path}`)
  );
}

const PROJECT = new URL("../..", import.meta.url).pathname.replace(/\/$/, "");
const RUNTIME = [PROJECT, denoDir(), "/root/.cache"];

function denoDir(): string {
  const { stdout } = new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).outputSync();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** Each once, with how often; numbers of dances and layers do not tell lines apart. */
function summed(lines: readonly string[]): string[] {
  const plain = lines.map((line) =>
    line.replaceAll(/\d{8}T\d{6}Z-[0-9a-f]{6}/g, "ID").replaceAll(
      /\/(upper|work|slots)\/\d+/g,
      "/$1/N",
    )
      .replaceAll(/\.disco-[0-9a-f]+/g, ".disco-X").replaceAll(/\/fd\/\d+/g, "/fd/N").replace(
        /(\/usr\/(?:local\/)?s?bin)\/.*/,
        "$1/*",
      )
  );
  const counts = Map.groupBy(plain, (line) => line);
  return [...counts].map(([line, all]) => `${line} (${all.length})`).sort();
}
