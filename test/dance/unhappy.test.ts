import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { serve } from "./support.ts";
import { FROM_GIVEN, GIVEN } from "../host/scene.ts";

const SOME = { a: { "files/etc/a": "a\n", "scripts/10-do": "echo b >/etc/b\n" } };

/** Shell: let everybody read the runtime's cache (a copy of it), and reach what its words name. */
const OPEN_TO_ALL = `cp -a "$DENO_DIR" /run/deno && chmod -R a+rwX /run/deno
for path; do
  while [ "$path" != "\${path%/*}" ]; do path=\${path%/*}; [ ! -d "$path" ] || chmod o+x "$path" || true; done
done`;

/** What is not as it should be, how to make it so, and what the dance says of it. */
interface Unhappy {
  readonly because: string;
  readonly prepare?: (scene: Scene) => unknown;
  readonly options?: readonly string[];
  /** In front of the command line. */
  readonly by?: readonly string[];
  readonly code?: number;
  readonly says: readonly string[];
}

const CASES: readonly Unhappy[] = [
  {
    because: "nothing listens",
    options: ["--server", "rsync://127.0.0.1:1/disco"],
    says: ['from "rsync://127.0.0.1:1/disco": no connection', "check the server's address"],
  },
  {
    because: "the module is unknown",
    prepare: ({ host }) => serve(host, GIVEN),
    options: ["--server", "rsync://127.0.0.1:8730/other"],
    says: ["no such rsync module", "check the module"],
  },
  {
    because: "the universe is not there",
    options: ["--server", "/run/nowhere"],
    says: ['Cannot fetch from "/run/nowhere"', 'no folder "parameters"'],
  },
  {
    because: "the universe does not know the node",
    options: ["--node", "stranger"],
    says: ['"stranger"'],
  },
  {
    because: "there is no rsync",
    prepare: ({ host }) => host.run(["rm", "/usr/bin/rsync"]),
    says: ['Cannot run "rsync": there is no such program', "install the package rsync"],
  },
  {
    because: "the scratchpad is full",
    prepare(scene) {
      scene.settings({ "scratch-size": "1M" })
        .ball("b", "head -c 9000000 /dev/zero >/srv/big\n");
    },
    says: ["the scratchpad is full", "disco/client/scratch-size"],
  },
  {
    because: "the scratchpad is full of what is delivered",
    prepare(scene) {
      scene.settings({ "scratch-size": "1M" })
        .ball("b", { "files/srv/big": "\0".repeat(9_000_000) });
    },
    says: ["the scratchpad is full"],
  },
  {
    because: "a setting makes no sense",
    prepare: (scene) => scene.settings({ scratch: "paper" }),
    code: 3,
    says: ['"disco/client/scratch" = "paper"', 'expected "memory" or "disk"'],
  },
  {
    because: "it is not root",
    prepare: ({ host }) => host.run(["sh", "-ec", OPEN_TO_ALL, "sh", ...host.discoArgv()]),
    by: [
      ...["env", "DENO_DIR=/run/deno", "DISCO_TRUST_CODE=yes"],
      ...["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
    ],
    says: ["Cannot dance: this needs root, and the user id is 65534", "sudo"],
  },
  {
    because: "it may not mount",
    by: ["setpriv", "--bounding-set=-sys_admin"],
    says: ["the walls for rsync cannot be built", "privileged"],
  },
  {
    because: "there is no bubblewrap",
    prepare: ({ host }) => host.run(["rm", "/usr/bin/bwrap"]),
    says: ['there is no program "bwrap"', "apt-get install bubblewrap"],
  },
  {
    because: "an option is unknown",
    options: ["--no-op"],
    code: 3,
    says: ['Unknown option "--no-op"', "--help"],
  },
];

describeOnHost("a dance cannot be, and says why and changes nothing,", () => {
  for (const { because, prepare, options = [], by = [], code = 1, says } of CASES) {
    it(`because ${because}`, async () => {
      await using scene = await newScene();
      const { host } = scene;
      scene.balls(SOME);
      await prepare?.(scene);
      await scene.program(...by, ...host.discoArgv("dance", ...FROM_GIVEN, ...options))
        .exits(code).warns(...says).untouched();
    });
  }

  it("because the transfer is cut off half-way", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(SOME);
    host.write(`${GIVEN}/balls/a/files/srv/big`, new Uint8Array(20_000_000));
    const server = await serve(host, GIVEN, "--bwlimit=1000");
    const half = "until find /var/disco -name '.big.*' -size +0 | grep -q .; do sleep 0.02; done";
    const cutOff = async () => {
      await scene.sh(half);
      const servers = host.processes().filter(({ argv }) => argv.includes("--daemon"));
      await host.run(["kill", "-KILL", ...servers.slice(1).map(({ pid }) => String(pid))]);
    };
    const dance = scene.from("--server", server, "--node", "n").danceInWords()
      .fails("Cannot fetch", "the transfer was cut off").untouched();
    const ended = dance.then();
    await cutOff();
    await ended;
  });

  it("because overlayfs stacks two deep only", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.balls(SOME);
    // The host's root is an overlay; the union of an overlay of it would be the third.
    const deeper = [
      "mount -t tmpfs none /mnt && cd /mnt && mkdir upper work root",
      "mount -t overlay -o lowerdir=/,upperdir=upper,workdir=work none root",
      'for folder in "$PROJECT" "$DENO_DIR"; do mount --bind "$folder" "root$folder"; done',
      "for folder in dev proc sys run tmp; do mount --rbind /$folder root/$folder; done",
      'cd root && exec chroot . "$@"',
    ];
    const project = host.discoArgv().at(-1)!.replace(/\/mod\.ts$/, "");
    await scene.program(
      ...["unshare", "--mount", "env", `PROJECT=${project}`, "sh", "-ec", deeper.join("\n"), "sh"],
      ...host.discoArgv("dance", ...FROM_GIVEN),
    ).fails('Cannot mount the union of "/"', "overlayfs stacks two deep only").untouched();
  });

  it("but after any of these the next one succeeds", async () => {
    await using scene = await newScene();
    const { host } = scene;
    await scene.settings({ "scratch-size": "1M" })
      .ball("a", "head -c 9000000 /dev/zero >/srv/big\n").dance().fails().leavesNothing();
    await scene.settings({ "scratch-size": "64M" }).dance().leavesNothing().ok();
    assertEquals(host.lstat("/srv/big")?.size, 9_000_000);
  });
});
