/**
 * Effects, secrets and output: what a ball makes DISCO do and say.
 *
 * @module
 */
import type { Attack, Mode } from "../attack.ts";
import { SECRET } from "../scene.ts";

const RUNS: readonly Mode[] = ["dry", "live"];
const HIDDEN = {
  hides: new RegExp(SECRET),
  holds: `! grep -rl ${SECRET} /var/disco/dances`,
  changes: /^\/(etc|srv)\b/,
};

/** A record of an effect as `disco-effect` writes it, by hand. */
const record = (ball: string, script: string, name = "1.effect") =>
  `printf '%s\\0' / 2 touch /run/was-run DISCO_BALL=${ball} DISCO_SCRIPT=${script} end ` +
  `>/run/disco/effects/${name}`;

const effects: Attack[] = [
  {
    what: "an effect under the name of another ball and script",
    modes: ["dry"],
    balls: {
      a: { "scripts/10": record("other", "scripts/20-other") },
      other: { requires: "a", "scripts/10": "true" },
    },
    options: ["--json"],
    then: { code: [0], hides: /"ball": ?"other",\s*"script"|20-other/ },
  },
  {
    what: "effects of a ball that failed, when the next has neither scripts nor templates",
    modes: RUNS,
    balls: {
      a: { "scripts/10": "disco-effect touch /run/was-run; exit 1" },
      b: { "files/etc/new": "new\n" },
    },
    options: ["--keep-going"],
    then: {
      code: [1],
      hides: /(Would execute|would-run).*touch/,
      changes: /^\/etc\b/,
      holds: "[ ! -e /run/was-run ]",
    },
  },
  {
    what: "effects of a ball that failed, and the next one is skipped",
    modes: RUNS,
    balls: {
      a: { "scripts/10": "disco-effect touch /run/was-run; exit 1" },
      b: { requires: "a", "scripts/10": "true" },
    },
    options: ["--keep-going"],
    then: { code: [1], hides: /(Would execute|would-run).*touch/, holds: "[ ! -e /run/was-run ]" },
  },
  {
    what: "an effect that a bash template leaves",
    modes: RUNS,
    balls: {
      a: {
        "templates/etc/new": `awk 'BEGIN { printf "%s%c%s%c%s%c%s%c%s%c", "/", 0, "2", 0,
  "touch", 0, "/run/was-run", 0, "end", 0 >"/run/disco/effects/1.effect" }'
echo new`,
      },
      b: { requires: "a", "scripts/10": "true" },
    },
    then: {
      hides: /Would execute.*touch/,
      changes: /^\/etc\b/,
      holds: "[ ! -e /run/was-run ]",
    },
  },
  {
    what: "an effect in a folder that is in the sandbox only",
    modes: ["live"],
    balls: {
      a: { "scripts/10": "mkdir /tmp/here; cd /tmp/here; disco-effect touch was-run || true" },
    },
    then: { holds: "[ ! -e /was-run ]" },
  },
  {
    what: "an effect left by a process that goes on while the next ball runs",
    modes: ["dry"],
    balls: {
      a: { "scripts/10": `(sleep 0.5; ${record("b", "scripts/10")}) >/dev/null 2>&1 & disown` },
      b: { requires: "a", "scripts/10": "sleep 1" },
    },
    then: { hides: /(Would execute|would-run).*touch/ },
  },
];

const secrets: Attack[] = [
  {
    what: "cp -p /etc/shadow to another name",
    balls: { a: { "scripts/10": "cp -p /etc/shadow /etc/shadow.orig" } },
  },
  {
    what: "a key under another name",
    host: `echo ${SECRET} >/etc/some-key; chmod 600 /etc/some-key`,
    balls: { a: { "scripts/10": "mv /etc/some-key /etc/renamed-key" } },
  },
  {
    what: "a new file of mode 0600",
    balls: { a: { "scripts/10": `umask 077; echo ${SECRET} >/etc/wg0.conf` } },
  },
  {
    what: "a delivered file of mode 0640",
    balls: {
      a: {
        "files/etc/wg0.conf": `${SECRET}\n`,
        permissions: "0640 root root /etc/wg0.conf\n",
      },
    },
  },
  {
    what: "a file that was 0600 and becomes 0644",
    host: `echo ${SECRET} >/etc/opened; chmod 600 /etc/opened`,
    balls: { a: { "scripts/10": "chmod 644 /etc/opened; echo more >>/etc/opened" } },
  },
  {
    what: "a file that was 0644 and becomes 0600",
    host: `echo ${SECRET} >/etc/closed`,
    balls: { a: { "scripts/10": "chmod 600 /etc/closed; echo more >>/etc/closed" } },
  },
  {
    what: "a secret file that is deleted",
    host: `echo ${SECRET} >/etc/deleted; chmod 600 /etc/deleted`,
    balls: { a: { "scripts/10": "rm /etc/deleted" } },
  },
  {
    what: "a file of mode 0644 in a folder of mode 0700",
    balls: { a: { "scripts/10": `mkdir -m 700 /etc/priv; echo ${SECRET} >/etc/priv/key` } },
  },
  {
    what: "a secret file becomes a link that tells it",
    host: `echo ${SECRET} >/etc/file; chmod 600 /etc/file`,
    balls: { a: { "scripts/10": "l=$(cat /etc/file); mkdir -m 700 /etc/p; ln -s $l /etc/p/l" } },
  },
].flatMap((attack): Attack[] => [
  { ...attack, modes: RUNS, then: HIDDEN, control: "modes do not matter" },
  {
    ...attack,
    what: `${attack.what}, as JSON`,
    modes: ["dry"],
    options: ["--json"],
    then: HIDDEN,
    isSlow: true,
  },
]);

/** Names of files that would be taken for something else on a terminal or in a log. */
const NAMES: Readonly<Record<string, string>> = {
  "C1 controls": "x\\u009b31mred",
  "a bidirectional override": "x\\u202ecod.exe",
  "isolates": "x\\u2066y\\u2069",
  "zero width": "pass\\u200bwd",
  "a byte order mark": "x\\ufeffy",
  "line separators": "x\\u2028y",
  "tags": "x\\U000e0041y",
};
const RAW = /[\u0080-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/u;

const output: Attack[] = [
  ...Object.entries(NAMES).flatMap(([what, name]): Attack[] =>
    [[], ["--json"]].map((options) => ({
      what: `a file name with ${what}${options.length > 0 ? ", as JSON" : ""}`,
      modes: ["dry"],
      options,
      isSlow: options.length > 0,
      balls: { a: { "scripts/10": `export LC_ALL=C.UTF-8; : >/etc/$'${name}'` } },
      then: { code: [0], hides: RAW, says: /\/etc\/(x|pass)/ },
      control: "text as it comes",
    }))
  ),
  {
    what: "the same in what a script prints, in a diff and in an effect",
    modes: ["dry"],
    balls: {
      a: {
        "scripts/10":
          "export LC_ALL=C.UTF-8\nprintf 'x\\u009b31m \\u202e \\u200b\\n' | tee /etc/text\n" +
          "disco-effect touch $'x\\u009b\\u202e'",
      },
    },
    then: { code: [0], hides: RAW },
    control: "text as it comes",
  },
  {
    what: "a newline in an effect",
    modes: ["dry"],
    balls: { a: { "scripts/10": "disco-effect touch $'x\\ninfo: all is well\\nreport: success'" } },
    then: { code: [0], hides: /^info: all is well/m },
    control: "text as it comes",
  },
  {
    what: "newlines and terminal codes in what a script prints",
    modes: ["dry"],
    balls: { a: { "scripts/10": "printf 'x\\rinfo: all is well\\n\\033[2Kinfo: all is well\\n'" } },
    then: { code: [0], hides: /^(.*\r)?info: all is well|\p{Cc}\[2K/mu },
  },
  {
    what: "a file name that looks like a change of another ball",
    modes: ["dry"],
    balls: {
      a: { "scripts/10": "mkdir /srv/d; : >'/srv/d/x: modified, size 1 -> 2 [other-ball]'" },
    },
    then: { code: [0], hides: /^\S+ +\/srv\/d\/x: modified, size 1 -> 2 \[other-ball\]/m },
  },
  {
    what: "a file name that looks like a line of a diff",
    modes: ["dry"],
    balls: {
      a: {
        "scripts/10":
          `f=$'/etc/x\\n+++ b/etc/passwd\\n+root::0:0::/:'; mkdir -p "\${f%/*}"; : >"$f"`,
      },
    },
    then: { code: [0], hides: /^\s*\+(root::|\+\+ b\/etc\/passwd)/m },
  },
  {
    what: "a capability of a file",
    modes: ["dry"],
    balls: { a: { "scripts/10": "cp /bin/true /etc/tool; setcap cap_net_raw+ep /etc/tool" } },
    then: { code: [0], says: /cap_net_raw/i },
  },
  {
    what: "an access list",
    modes: ["dry"],
    balls: { a: { "scripts/10": ": >/etc/tool; setfacl -m u:1000:rwx /etc/tool" } },
    then: { code: [0], says: /(alice|1000):rwx/ },
  },
];

const HELPER = new URL("../programs/taken_over.sh", import.meta.url).pathname;
const FOUND =
  "cat /var/disco/*/found /var/disco/*/*/found /var/disco/*/*/*/found 2>/dev/null || true";

/** Helpers that run on what comes from outside. */
const helpers: Attack[] = [
  {
    what: "rsync that is taken over by what the server sends",
    modes: RUNS,
    host: `mkdir -p /etc/disco/client/cmds; cp ${HELPER} /usr/local/bin/helper; ` +
      "echo /usr/local/bin/helper >/etc/disco/client/cmds/rsync",
    balls: { a: { "scripts/10": "true" } },
    then: {
      code: [1],
      hides: /Uid:\s+0|CapEff:\s+0*[1-9a-f]|(reads|writes|sees|talks to) /,
      holds: `found=$(${FOUND}); case $found in *reads*|*writes*) echo "$found"; exit 1 ;; esac`,
    },
    control: "rsync without walls",
  },
  {
    what: "a template in an endless loop: what its evaluator may do",
    modes: ["dry"],
    host: "mkdir -p /run/test /etc/disco/client; echo 3 >/etc/disco/client/timeout",
    during: `echo ready; while :; do
  for p in $(pgrep -f 'data:text/javascript|worker|evaluator'); do
    { readlink /proc/$p/exe | grep -q deno && grep -E '^(Uid|CapEff|NoNewPrivs):' /proc/$p/status |
      tr -s '\\t\\n' ' ' && readlink /proc/$p/ns/net /proc/$p/ns/mnt; } >/run/test/one 2>/dev/null && cp /run/test/one /run/test/evaluator
  done; sleep 0.05; done`,
    balls: { a: { "templates/etc/t.eta": "<% for (;;) {} %>" } },
    then: {
      code: [1],
      holds:
        "[ -s /run/test/evaluator ] || { echo 'was not seen'; exit 1; }; cat /run/test/evaluator; " +
        "! grep -E 'Uid: 0|CapEff: 0*[1-9a-f]' /run/test/evaluator; " +
        '! grep -qF "$(readlink /proc/self/ns/net)" /run/test/evaluator',
    },
    control: "an evaluator without walls",
  },
  {
    what: "a template that patches the evaluator for the next ball",
    modes: ["dry"],
    balls: {
      a: {
        "templates/etc/a.eta": "<% Object.prototype.evil = 'patched'; " +
          "String.prototype.trim = () => 'patched'; Array.prototype.join = () => 'patched'; " +
          "JSON.stringify = () => '\"patched\"'; globalThis.it = 'patched'; " +
          "globalThis.x = 'patched'; Object.prototype.toString = () => 'patched'; %>a\n",
      },
      b: {
        requires: "a",
        "templates/etc/b.eta":
          "x=<%= String(globalThis.x) %>,<%= String(({}).evil) %>,<%= [1, 2].join() %>," +
          "<%= ' t '.trim() %>,<%= JSON.stringify(1) %>\n",
      },
    },
    then: { hides: /patched/, says: /x=undefined,undefined,1,2,t,1/ },
    control: "one realm for all balls",
  },
  {
    what: "a template that takes memory outside of the heap",
    modes: ["dry"],
    balls: {
      a: {
        "templates/etc/a.eta":
          "<% const a = []; for (let i = 0; i < 40; i++) a.push(new Uint8Array(1 << 26).fill(1)); %>a\n",
      },
    },
    then: { code: [1] },
  },
];

/** Everything about what balls make DISCO say and do. */
export const BALLS: readonly Attack[] = [...effects, ...secrets, ...output, ...helpers];
