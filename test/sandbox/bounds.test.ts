import { assert } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { LONGEST_COMPLAINT, refusalIn } from "../../lib/sandbox/complaints.ts";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { type BallFiles, FROM_GIVEN } from "../host/scene.ts";

/** A dry run, with the most memory (MiB) that a process of it had. */
async function measured(scene: Scene, content: BallFiles | string) {
  const { host } = scene.ball("a", content);
  const dance = host.discoArgv("dance", "--noop", "--json", ...FROM_GIVEN);
  const outcome = await host.exec(["/usr/bin/time", "--format", "peak %M", ...dance]);
  const peak = Number(/^peak (\d+)$/m.exec(outcome.stderr)?.[1]) / 1024;
  return { ...outcome, peak };
}

/** Scripts and templates that leave DISCO much to read; each is over by itself. */
const FLOODS: Readonly<Record<string, BallFiles>> = {
  "a template's lines on the sandbox's own output": {
    "templates/etc/x":
      `awk 'BEGIN { while (i++ < 20000000) print "complaint" >"/proc/1/fd/1"; print "x" }'`,
  },
  "refused questions of 60 KB each": {
    "scripts/1": "x=$(printf '%060000d' 0); cd /run/disco/ask; i=0\n" +
      "while [ $((i += 1)) -le 3000 ]; do printf '%s\\0' \"$x\" >q$i.question; done; sleep 1",
  },
  "names where questions are": {
    "scripts/1": "cd /run/disco/ask; perl -e 'open my $f, q(>), $_ for 1 .. 100_000'; sleep 0.5",
  },
  "complaints": {
    "scripts/1":
      "x=$(printf '%016000d' 0); for i in $(seq 5000); do echo \"modprobe: ERROR $x\"; done >&2",
  },
};

describeOnHost("what DISCO reads of a script or template", () => {
  for (const [what, files] of Object.entries(FLOODS)) {
    it(`should cost memory within bounds: ${what}`, async () => {
      await using scene = await newScene();
      const quiet = await measured(scene, "true");
      const flood = await measured(scene, files);
      assert(flood.peak < quiet.peak + 150, `${flood.peak} MiB instead of ${quiet.peak}`);
      assert(flood.stderr.length < 16 << 20);
    });
  }
});

/** What a ball leaves for the next one to be cleaned up. */
const LITTER = "perl -e 'for (1 .. 2_000) { mkdir q(d); chdir q(d) }'; cd /tmp; " +
  "perl -e 'open my $f, q(>), $_ for 1 .. 20_000'; mkdir /run/x; chmod 0 /run/x; ln -s / /run/y";

describeOnHost("what a ball leaves in its own places", () => {
  it("should be gone for the next one, however much it is", async () => {
    await using scene = await newScene();
    const look = "ls -A /tmp | wc -l; ls -d /run/x /run/y || echo clean";
    await scene.ball("a", `cd /tmp; ${LITTER}`).ball("b", look).danceInWords("--noop")
      .says("b/do: 0\n", "b/do: clean\n").ok();
  });
});

/** A shell's command line, called by another program. */
const inside = (line: string) => `awk 'BEGIN { exit system("${line}") != 0 }'`;

/** What a bash template does, and how the dance says that it failed. */
const TEMPLATES: Readonly<Record<string, readonly [script: string, says: RegExp]>> = {
  "asks for an effect": [
    inside("/run/disco/bin/disco-effect systemctl restart x"),
    /a template cannot ask for this: systemctl restart x/,
  ],
  "leaves a link in the place of its output": [
    inside("/bin/ln -sf /etc/passwd /run/disco/out/1.out"),
    /what it printed cannot be read/,
  ],
  "leaves a FIFO in the place of its complaints": [
    `${inside("/bin/rm /run/disco/out/1.err; /usr/bin/mkfifo /run/disco/out/1.err")}; exit 3`,
    /ended with exit code 3/,
  ],
  "complains at length": [
    'x=$(seq 100000); for i in $(seq 40); do echo "$x" >&2; done; exit 3',
    /exit code 3: 99998; 99999; 100000/,
  ],
  "prints more than it may": ["head -c 70000000 /dev/zero", /it printed more than 64 MiB/],
};

describeOnHost("a bash template", () => {
  for (const [what, [script, says]] of Object.entries(TEMPLATES)) {
    it(`should fail, and leave nothing, if it ${what}`, async () => {
      await using scene = await newScene();
      const { stderr } = await scene.ball("a", { "templates/etc/x": script }).danceInWords("--noop")
        .fails(says).says("report: effects: 0");
      assert(stderr.length < 10_000);
    });
  }
});

/** Lines that make a matcher that goes back take long. */
const WORST = [
  "modprobe: ERROR" + "a".repeat(16_384),
  "/proc/a".repeat(2_400),
  "mknod: " + ": ".repeat(8_192),
  "bwrap" + ": not permitte".repeat(1_200),
  "x: line 1: ".repeat(1_500),
  "'/dev/x".repeat(2_400),
  "losetup: " + "loop devic".repeat(1_600),
  "/".repeat(16_384) + ": Read-only file syste",
];

describe("a long complaint", () => {
  /** The least of some tries: a busy machine makes any of them longer, and none shorter. */
  const spent = (action: () => void) =>
    Math.min(...Array.from({ length: 10 }, () => {
      const start = performance.now();
      for (let i = 0; i < 20; i++) action();
      return performance.now() - start;
    }));
  /** Reading a line once, a thousand times over. */
  const bound = 1000 * Math.max(0.05, spent(() => void "a".repeat(16_384).toUpperCase().length));

  for (const line of WORST) {
    it(`should be read in linear time: ${line.slice(0, 20)}`, () => {
      const time = spent(() => void refusalIn(line));
      assert(time < bound, `${time} ms, more than ${bound}`);
    });
  }

  it("control: a pattern that goes back takes longer for one line, cut shorter still", () => {
    const pattern = /^(?:modprobe): (?:ERROR|FATAL).*?(\S+).*(?:not permitted|denied)/i;
    const line = WORST[0]!.slice(0, LONGEST_COMPLAINT / 2);
    const start = performance.now();
    pattern.exec(line);
    assert(performance.now() - start > bound / 20);
  });
});
