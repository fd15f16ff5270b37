import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { linesOf, record } from "./recorder.ts";

const POLICY = [
  "act effect",
  "quiet effect+silent",
  "reader effect+input",
  "both --now run+effect",
  "question deny",
].join("\n");

/** What a script does, and the effects that it must come to, with what they read. */
const KEPT: readonly (readonly [script: string, effects: string[]])[] = [
  // Standard input that is given to the command itself.
  ["printf one | act", ["act <<< one"]],
  ["act <<E\ntwo\nE", ["act <<< two\n"]],
  ["act <<<three", ["act <<< three\n"]],
  ["echo four >/var/tmp/f 2>/dev/null || echo four >/tmp/f; act </tmp/f", ["act <<< four\n"]],
  ["printf '1\\n' | env LC_ALL=C act -f -", ["act -f - <<< 1\n"]],
  ["printf x | disco-effect act", ["act <<< x"]],
  ["printf x | { disco-effect --stdin act; }", ["act <<< x"]],
  ["f() { reader; }; f <<<x", ["reader <<< x\n"]],
  ["f() { act -f -; }; f <<<x", ["act -f - <<< x\n"]],
  ["f() { act /dev/stdin; }; f <<<x", ["act /dev/stdin <<< x\n"]],
  ["printf x | timeout 9 reader", ["reader <<< x"]],
  // Standard input that is somebody else's.
  ["act </dev/null", ["act"]],
  ["reader </dev/null", ["reader"]],
  [": | act", ["act"]],
  ["while read -r x; do act $x; done <<<$'1\\n2\\n3'", ["act 1", "act 2", "act 3"]],
  ["printf '1\\n2\\n' | while read -r x; do act $x; done", ["act 1", "act 2"]],
  ["printf '1\\n2\\n' | while read -r x; do disco-effect act $x; done", ["act 1", "act 2"]],
  ["printf '1\\n2\\n' | xargs -n 1 act", ["act 1", "act 2"]],
  ["bash <<'E'\nact 1\nact 2\nE", ["act 1", "act 2"]],
  // Output that is read by people, or by nobody.
  ["act >/dev/null 2>&1", ["act"]],
  ["act >&2", ["act"]],
  ["act 2>/tmp/errors", ["act"]],
  ["act >&-", ["act"]],
  ['x=$(quiet); [ -z "$x" ]', ["quiet"]],
  ["quiet >/tmp/out; quiet | cat", ["quiet", "quiet"]],
  ["both --now >/tmp/out", ["both --now"]],
  // Words that look like files and are none that only the sandbox has.
  ["act /tmp /run /run/nowhere /tmp/nothing --x=/tmp/nothing", [
    "act /tmp /run /run/nowhere /tmp/nothing --x=/tmp/nothing",
  ]],
  ["mkdir /run/folder; act /run/folder", ["act /run/folder"]],
  ["act /srv/tmp/x; mkdir -p /tmp/x; act /srv/tmp/x a/tmp/x", [
    "act /srv/tmp/x",
    "act /srv/tmp/x a/tmp/x",
  ]],
  ["cd /tmp; touch one; act two", ["act two"]],
  ["act /etc/passwd; cd /etc; act passwd", ["act /etc/passwd", "act passwd"]],
  // Variables that lead nowhere, that are not exported, or that no effect is given.
  ["touch /tmp/x; KEY=/tmp/x; export B=/tmp/nothing C=/run; DISCO_X=/tmp/x act", ["act"]],
  // Wrappers hand on.
  ["nice act 1; ionice -c 3 act 2; chrt -i 0 act 3; setsid -w act 4; env -u X act 5", [
    "act 1",
    "act 2",
    "act 3",
    "act 4",
    "act 5",
  ]],
  ["timeout 9 act 1; flock /tmp/lock act 2; nohup act 3; stdbuf -o0 act 4", [
    "act 1",
    "act 2",
    "act 3",
    "act 4",
  ]],
];

/** What wrappers set for what they run in the sandbox is not exported on purpose. */
const WITHOUT_VARIABLES = [
  "stdbuf -oL act",
  "runuser -l root -c 'PATH=/run/disco/by-name:$PATH act'",
  "LD_PRELOAD=/tmp/none.so act",
];

/** What a script does that no effect can be made of, and why. */
const REFUSED: readonly (readonly [script: string, why: string])[] = [
  ["act >/tmp/out", "waits for what it prints"],
  ["act >>/tmp/out", "waits for what it prints"],
  ["act | cat", "waits for what it prints"],
  ["x=$(act)", "waits for what it prints"],
  ["read -r x < <(act); wait $!", "waits for what it prints"],
  ["{ act; } >/tmp/out", "waits for what it prints"],
  ["disco-effect act >/tmp/out", "waits for what it prints"],
  ["touch /tmp/x; act /tmp/x", "/tmp/x is in the sandbox only"],
  ["touch /tmp/x; quiet --file=/tmp/x", "/tmp/x is in the sandbox only"],
  ["touch /tmp/x; act -f/tmp/x", "/tmp/x is in the sandbox only"],
  ["touch /tmp/x; act a:/tmp/x,b", "/tmp/x is in the sandbox only"],
  ["touch /tmp/x; act @/tmp/x", "/tmp/x is in the sandbox only"],
  ["touch /tmp/x; act file:///tmp/x", "/tmp/x is in the sandbox only"],
  ["touch /tmp/x; act /etc/a:/tmp/y:/tmp/x", "/tmp/x is in the sandbox only"],
  ["touch /tmp/x; disco-effect sh -c 'cat /tmp/x >/etc/x'", "/tmp/x is in the sandbox only"],
  ["mkdir /tmp/d; act /tmp/d", "/tmp/d is in the sandbox only"],
  ["ln -s /etc /tmp/l; act /tmp/l", "/tmp/l is in the sandbox only"],
  ["touch /run/x; act /run/x", "/run/x is in the sandbox only"],
  ["act /run/disco/ball/scripts/1", "/run/disco/ball/scripts/1 is in the sandbox only"],
  ["touch /dev/shm/x; act /dev/shm/x", "/dev/shm/x is in the sandbox only"],
  ["touch /tmp/x; KEY=/tmp/x; export KEY; act", "/tmp/x (in $KEY) is in the sandbox only"],
  ["touch /run/x; KEY=file:/run/x act", "/run/x (in $KEY) is in the sandbox only"],
  ["act <(echo x)", "is in the sandbox only"],
  ["cd /tmp; touch x; act x", "x is in /tmp, which only the sandbox has"],
  ["mkdir /tmp/d; cd /tmp/d; touch x; act ./x", "./x is in /tmp/d"],
  ["mkdir /tmp/d; cd /tmp/d; touch x; act --file=x", "x is in /tmp/d"],
  ["mkdir /tmp/d; cd /tmp/d; act .", ". is in /tmp/d"],
];

describe("an effect", () => {
  for (const script of WITHOUT_VARIABLES) {
    it(`has no variables of a wrapper: ${script}`, () => {
      const { effects, stderr } = record(script, POLICY);
      assertEquals(effects.map(({ environment }) => environment), [undefined], stderr);
    });
  }

  it("keeps what it is asked with, and takes nothing that is not its own", () => {
    for (const [script, effects] of KEPT) {
      const recorded = record(`${script}\n[ $? = 0 ] || exit 9`, POLICY);
      assertEquals([recorded.code, linesOf(recorded)], [0, effects], script + recorded.stderr);
      assertEquals(recorded.denied, [], script);
    }
  });

  it("is refused where it could not be carried out as it was asked for", () => {
    for (const [script, why] of REFUSED) {
      const { code, effects, stderr, denied } = record(`set -o pipefail\n${script}\n`, POLICY);
      assertEquals(effects, [], script);
      // What a process substitution comes to, its shell does not know.
      assert(code !== 0 || script.includes("<("), script);
      assertStringIncludes(stderr, why, script);
      assertStringIncludes(stderr, "post/", script);
      assertEquals(denied.length, 1, script);
      assertStringIncludes(denied[0]!.what, why, script);
      assertStringIncludes(denied[0]!.advice!, "post/", script);
    }
  });

  it("keeps the bytes of its input, and a mebibyte of them at most", () => {
    const bytes = "head -c 1048576 /dev/zero | tr '\\0' '\\377'";
    const [effect] = record(`${bytes} | act`, POLICY).effects;
    assertEquals(Uint8Array.fromBase64(effect!.input!).every((byte) => byte === 255), true);
    const more = `{ ${bytes}; echo; } | act`;
    assertThrows(
      () => record(more, POLICY),
      DiscoError,
      "standard input of act is not a file of at most",
    );
    // What never ends is read to the bound.
    assertThrows(
      () => record("yes | act", POLICY),
      DiscoError,
      "standard input of act is not a file",
    );
    const many = `for i in 1 2 3 4 5; do ${bytes} | act; done`;
    assertThrows(() => record(many, POLICY), DiscoError, "read more than");
  });

  it("has the variables that its script exported, its folder and its words", () => {
    const script = [
      "export ONE=1 TWO=$'a\\nb' DISCO_BALL=other DPKG_ADMINDIR=/x; other=3",
      "cd /srv; THREE='' act 'a b' '' $'\\n' '$(id)' '*'",
      "PATH=/opt/bin:$PATH HOME=/srv act",
      "unset ONE TWO; env -i act",
      'env -i PATH="$PATH" LC_ALL=C act',
      "(cd /usr/bin/..; act)",
    ].join("\n");
    const { effects, code, stderr } = record(script, POLICY);
    assertEquals([code, stderr.includes("No such file")], [0, true], stderr);
    const live = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    const asker = { ball: "a", script: "scripts/1" };
    assertEquals(effects, [
      {
        ...asker,
        cwd: "/srv",
        argv: ["act", "a b", "", "\n", "$(id)", "*"],
        environment: { ONE: "1", TWO: "a\nb", THREE: "" },
      },
      {
        ...asker,
        cwd: "/srv",
        argv: ["act"],
        environment: { ONE: "1", TWO: "a\nb", PATH: `/opt/bin:${live}`, HOME: "/srv" },
      },
      { ...asker, cwd: "/srv", argv: ["act"], environment: { LC_ALL: "C" } },
      { ...asker, cwd: "/usr", argv: ["act"] },
    ]);
  });

  it("is written down without a process of its own besides the recorder", () => {
    // The number of the process that was started last; the subshell here is one itself.
    const script = "p() { read -r _ _ _ _ last </proc/loadavg; }\n" +
      "p; before=$last; act; p; echo $((last - before))";
    const { stdout, effects } = record(script, POLICY);
    assertEquals([stdout, effects.length], ["1\n", 1]);
  });

  it("stays in order, and is numbered anew where others ask at the same time", () => {
    const many = "for i in $(seq 40); do act $i & act b$i; done; wait; act last";
    const lines = linesOf(record(many, POLICY));
    assertEquals([lines.length, lines.at(-1)], [81, "act last"]);
    const inOrder = lines.filter((line) => line.startsWith("act b"));
    assertEquals(inOrder, Array.from({ length: 40 }, (_, i) => `act b${i + 1}`));
  });

  it("that was cut off in the middle is not lost in silence", () => {
    for (const left of ["printf '/\\0001\\0act\\0' >", "true >"]) {
      const script = `${left}/run/disco/effects/1000001.effect`;
      assertThrows(() => record(script, POLICY), DiscoError, "was not finished");
    }
    // The control: with its end it is one.
    const whole = "printf '/\\0001\\0act\\0end\\0' >/run/disco/effects/1000001.effect";
    assertEquals(linesOf(record(whole, POLICY)), ["act"]);
  });

  it("is what nobody asked for when help is asked for", () => {
    for (
      const [words, code] of [["--help", 0], ["", 2], ["--stdin", 2], ["--other x", 2]] as const
    ) {
      const recorded = record(`disco-effect ${words}`, POLICY);
      assertEquals([recorded.code, recorded.effects], [code, []], words);
    }
  });
});

/** Who asks, and whether it is the script itself. */
const ASKERS: readonly (readonly [script: string, byScript: boolean])[] = [
  ["question", true],
  ["x=$(question)", true],
  ["(question | cat)", true],
  ["f() { question; }; f", true],
  ["timeout 9 env A=1 nice question", true],
  ["echo a | xargs question", true],
  ["sh -c 'question; :'", false],
  ["printf 'question\\n:\\n' >/tmp/postinst; bash /tmp/postinst", false],
  ["perl -e 'system qw(question)'", false],
];

describe("a command that is denied", () => {
  it("is known to be asked by the script, or by what it calls", () => {
    for (const [script, byScript] of ASKERS) {
      const { denied } = record(`${script}\ntrue\n`, POLICY);
      assertEquals(denied.map((one) => one.byScript ?? false), [byScript], script);
    }
  });

  it("fails, says so, and is written down", () => {
    const { code, denied, effects, stderr } = record("question 'a b' c", POLICY);
    assertEquals([code, denied, effects], [
      126,
      [{ what: "question 'a b' c", byScript: true }],
      [],
    ]);
    assertStringIncludes(stderr, "disco: question is denied by the policy for commands");
  });
});
