import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { ADVICE } from "../../lib/sandbox/mod.ts";
import { refusalIn } from "../../lib/sandbox/complaints.ts";
import { tidyRefusals } from "../../lib/sandbox/refusals.ts";
import { describeOnHost, newScene } from "../host/mod.ts";
import { stub } from "./support.ts";

/** What a script or what it calls does, and what the report must say that it could not do. */
const REFUSED: readonly (readonly [script: string, kind: string, what: RegExp])[] = [
  ["exec 3<>/dev/tcp/192.0.2.1/80", "network", /^connections or name look-ups, \d+ times$/],
  ["exec 3<>/dev/tcp/127.0.0.1/9", "network", /^connections or name look-ups, 1 times$/],
  ["getent hosts no-such-name.example.com", "network", /look-ups/],
  ["echo 1 >/proc/sys/vm/swappiness || true", "kernel", /^\/proc\/sys\/vm\/swappiness$/],
  [
    "perl -e 'open F, q(>/proc/sys/kernel/panic) or warn qq(/proc/sys/kernel/panic: $!\n)'",
    "kernel",
    /^\/proc\/sys\/kernel\/panic$/,
  ],
  [
    "if ! echo 1 >/sys/kernel/uevent_helper; then :; fi",
    "kernel",
    /^\/sys\/kernel\/uevent_helper$/,
  ],
  ["sh -c 'systemctl whoami; :'", "denied", /^systemctl whoami$/],
  ["perl -e 'exec q(/usr/bin/mknod), qw(/srv/c c 1 3)'", "device", /srv\/c/],
  ["perl -e 'exec q(/usr/bin/mount), qw(-t tmpfs none /mnt)'", "mount", /./],
  ["unshare --mount true", "namespace", /not permitted/],
  ["date -s @86400", "clock", /cannot set date/],
  ["perl -e 'exec q(/usr/bin/hostname), q(elsewhere)'", "host-name", /./],
  ["perl -e 'exec q(/usr/bin/renice), qw(-n -5 -p 1)'", "schedule", /./],
  ["sh -c 'systemctl status x --host other; :'", "question", /--host/],
  ["sleep 60 &", "ended", /^1 process still ran when it ended, and was ended \(sleep\)$/],
  [
    "exec 2>/dev/null; (sleep 60; true) & exec setsid sleep 59 &\nsleep 0.3; exit 0",
    "ended",
    /^3 processes still ran when it ended, and were ended \((bash|sleep), /,
  ],
  ["perl -e 'exec q(/bin/kill), qw(-HUP 1)'", "process", /not permitted/],
  ["sh -c 'kill -HUP 1'", "process", /not permitted/],
  ["perl -e 'kill HUP => 1 or die qq(kill: $!\\n)'", "process", /not permitted/],
  ["cp -p /bin/true /usr/sbin/ufw", "replaced", /^\/usr\/sbin\/ufw was installed/],
];

describeOnHost("what could not be tried in a dry run", () => {
  it("is told by ball and script, from what was really refused, and what to do", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/bin/systemctl");
    const names = REFUSED.map((_, i) => String(i + 10));
    const scripts = REFUSED.map(([text], i) => [`scripts/${names[i]}`, `${text}\ntrue\n`]);
    const files = Object.fromEntries([...scripts, ["scripts/99", "echo harmless >/srv/x"]]);
    const { result, stderr } = await scene.ball("a", files).dryRun().ok();
    for (const [i, [text, kind, what]] of REFUSED.entries()) {
      const found = result.notSimulated.filter(({ script }) => script === `scripts/${names[i]}`);
      assertEquals(found.map((one) => [one.ball, one.kind]), [["a", kind]], text);
      assert(what.test(found[0]!.what), `${text}: ${found[0]!.what}`);
      assertStringIncludes(stderr, ADVICE[kind as keyof typeof ADVICE]);
    }
    // The control: a script that was refused nothing is not listed.
    assertEquals(result.notSimulated.filter(({ script }) => script === "scripts/99"), []);
  });

  for (
    const [script, line] of [
      ['echo 1 >/proc/sys/vm/swappiness\necho "rc $?" >/etc/rc1', 1],
      ["k=/proc/sys/kernel\necho 1 | tee $k/panic\ntrue", 2],
      ["tune() { echo 1 >/proc/sys/vm/swappiness; }\ntune\ntrue", 1],
    ] as const
  ) {
    it(`fails a script that goes on after a write of its own: ${JSON.stringify(script)}`, async () => {
      await using scene = await newScene();
      await scene.ball("a", script).dryRun()
        .fails(
          `scripts/do, line ${line}, went on after a write was refused: /proc`,
          "if it may fail, add || true",
        );
    });
  }

  it("may be a write that is taken care of, or none of the script's: a control", async () => {
    await using scene = await newScene();
    const script = [
      "echo 1 >/proc/sys/vm/swappiness || echo no",
      "{ echo 1 >/proc/sys/vm/swappiness; } || true",
      "tune() { echo 1 >/proc/sys/kernel/panic; }; tune || true",
      "bash -c 'echo 1 >/sys/kernel/uevent_helper; true'",
      "echo 'echo 1 >/proc/sys/net/ipv4/ip_forward' >/srv/x; bash /srv/x; true",
    ].join("\n");
    await scene.ball("a", script).dryRun()
      .warns("was refused (kernel): /proc/sys/net/ipv4/ip_forward").ok();
  });

  it("is no signal to the live system's process 1: the sandbox's own is not meant", async () => {
    await using scene = await newScene();
    const script = "set -e\nkill -HUP 1\nkill -s USR1 1\nenv kill -HUP 1\n" +
      // The controls: processes of its own, and signals whose number is 1.
      "sleep 60 & kill -s 1 $!\nsleep 60 & kill -1 $!\nwait || true\n";
    const { result } = await scene.ball("a", script).dryRun().ok();
    const asked = result.effects.map(({ argv }) => argv.join(" "));
    assertEquals(asked, ["kill -HUP 1", "kill -s USR1 1", "kill -HUP 1"].slice(0, asked.length));
    assert(asked.length >= 2);
  });

  it("is nothing of what ends by itself just after its script", async () => {
    await using scene = await newScene();
    const script = "exec > >(sleep 0.1; cat >/srv/log)\necho kept\n";
    await scene.ball("a", script).dance().gaps().ok().leaves({ "/srv/log": "kept\n" });
  });

  it("is none of a script without its interpreter, nor of a template that fails", async () => {
    await using scene = await newScene();
    await scene.ball("a", "#!/no/such/shell\n").dryRun().fails()
      .prints("its interpreter cannot be started: /no/such/shell").omits("/run/disco/time");
    await scene.ball("a", { "templates/etc/x": "exit 3\n" }).dryRun()
      .warns("the lines above are what it printed");
    // The control: of a template that acts, the advice is where to act.
    await scene.ball("a", { "templates/etc/x": "disco-effect true\n:\n" }).dryRun()
      .warns("what acts or asks belongs into scripts/");
  });

  it("are effects and post scripts; a live run carries them out instead", async () => {
    await using scene = await newScene();
    const files = { "scripts/1": "disco-effect true one", "post/1": "true" };
    const dry = await scene.ball("a", files).dryRun();
    assertEquals(dry.result.notSimulated, [
      { ball: "a", script: "scripts/1", kind: "effect", what: "true one" },
      {
        ball: "a",
        script: "post/1",
        kind: "post",
        what: "runs on the live system after the merge",
      },
    ]);
    await scene.ball("a", files).dance().gaps();
  });

  it("is the network no more where the dry run may have it", async () => {
    await using scene = await newScene();
    scene.settings({ "noop/network": "yes" });
    const script = ": 3<>/dev/tcp/127.0.0.1/9; echo 'curl: (6) Could not resolve host: x' >&2";
    await scene.ball("a", script).dryRun().gaps();
  });

  it("stands in the message of a script that fails for it", async () => {
    await using scene = await newScene();
    await scene.ball("a", "set -e; echo 1 >/proc/sys/vm/swappiness").dryRun()
      .fails(`what to do: it was refused /proc/sys/vm/swappiness (kernel): ${ADVICE.kernel}`);
  });
});

describe("a line of complaint", () => {
  for (
    const [line, kind] of [
      ["x: line 3: /proc/sys/a/b: Permission denied", "kernel"],
      ['sysctl: setting key "vm.swappiness", ignoring: Read-only file system', "kernel"],
      ["mknod: 'a b': Operation not permitted", "device"],
      ["/usr/bin/mknod: /srv/c: Operation not permitted", "device"],
      ["/srv/mknod/x: Operation not permitted", undefined],
      ["curl: (6) Could not resolve host: example.com", "network"],
      ["/usr/share/x: Read-only file system", "place"],
      ["cat: /etc/x: Permission denied", undefined],
      ["mount point is fine", undefined],
      ["all is well", undefined],
    ] as const
  ) {
    it(`tells of ${kind ?? "no refusal"}: ${line}`, () => {
      assertEquals(refusalIn(line)?.kind, kind);
    });
  }

  it("counts once, however often it is said; counters say more than words", () => {
    const said = { kind: "network", what: "Network is unreachable" } as const;
    const kernel = { kind: "kernel", what: "/proc/sys/x" } as const;
    assertEquals(tidyRefusals([said, kernel, said, kernel], 0), [kernel, said]);
    assertEquals(tidyRefusals([said], 3), [
      { kind: "network", what: "connections or name look-ups, 3 times" },
    ]);
    assertEquals(tidyRefusals([], 0), []);
  });
});
