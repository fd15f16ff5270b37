/**
 * A corpus of hostile inputs, a line each: a name, what a ball, universe or server holds, and what must
 * come of it. Of each the host must be as before, without a stack trace, in time and in little memory.
 * To add one, add a line.
 *
 * @module
 */
import type { Attack, Outcome } from "./attack.ts";
import type { BallFiles } from "../host/scene.ts";

/** Refused by an error that says this. */
const refused = (says: RegExp): Outcome => ({ code: [1], says });
/** Everything is well; or refused, if that is told. */
const fine: Outcome = { code: [0] };
const fineOrTold: Outcome = {};

/** Limits that are met soon. */
const SHORT = "mkdir -p /etc/disco/client/fetch; cd /etc/disco/client; echo 60 >timeout; " +
  "echo 3 >fetch/timeout; echo 10 >fetch/seconds; cd /\n";

const SLOW = { isSlow: true };
/** For what never ends: a script gets three seconds. */
const ENDLESS = { host: `${SHORT}echo 3 >/etc/disco/client/timeout\n` };

/** A script of the one ball. */
function script(what: string, text: string, then: Outcome, more: Partial<Attack> = {}): Attack {
  return ball(what, { "scripts/10": text }, then, more);
}

/** The one ball. */
function ball(what: string, files: BallFiles, then: Outcome, more: Partial<Attack> = {}): Attack {
  return { what, balls: { a: files }, modes: ["dry"], then, host: SHORT, ...more };
}

/** A universe that bash makes, in its folder; there is a ball "a" in it. */
function universe(what: string, text: string, then: Outcome, more: Partial<Attack> = {}): Attack {
  return ball(what, { "files/etc/new": "new\n" }, then, { universe: text, ...more });
}

/** A daemon. */
function server(how: string, then: Outcome, isSlow = false): Attack {
  const program = new URL("programs/server.pl", import.meta.url).pathname;
  return ball(`a server: ${how}`, {}, then, {
    server: "rsync://127.0.0.1:8731/disco",
    during: `exec perl ${program} 8731 ${how}`,
    limits: { timeout: 40_000 },
    isSlow,
  });
}

/** The corpus. */
export const CORPUS: readonly Attack[] = [
  // Names.
  universe("odd names of delivered files", ODD_NAMES(), fine),
  universe("a name that is not UTF-8", "touch balls/a/files/etc/$'\\xff\\xfe'", fineOrTold),
  universe("a delivered path of 6,000 bytes", LONG_PATH(), fineOrTold),
  universe("a ball called -x", "touch -- parameters/n/modules/-x", refused(/-x/)),
  universe("a ball called ' '", "touch 'parameters/n/modules/ '", refused(/as the name of a ball/)),
  universe("a ball called $(...)", "touch 'parameters/n/modules/$(touch x)'", refused(/name/)),
  universe("a ball with a newline", "touch parameters/n/modules/$'a\\nb'", refused(/name/)),
  universe("a node called ../n", "true", { code: [1, 3], says: /node|name/i }, {
    options: ["--node", "../n"],
  }),
  universe(
    "a group called ..-",
    "mkdir parameters/n/{member,groups}; touch parameters/n/{member,groups}/..-",
    refused(/group|name/),
  ),
  universe("a parameter called 'a b'", "touch 'parameters/n/a b'", refused(/key/)),
  universe("a parameter of 300 MB", "truncate -s 300M parameters/n/x", fineOrTold, SLOW),
  universe(
    "20,000 parameters",
    "mkdir parameters/n/p; cd parameters/n/p; seq 20000 | xargs touch",
    fineOrTold,
  ),

  // Files of a ball.
  universe("a FIFO in files/", "mkfifo balls/a/files/p", { says: /files\/p|skip|neither/i }),
  universe("a device in files/", "mknod balls/a/files/d c 1 3", { says: /files\/d|neither/i }),
  universe(
    "a setuid program in files/",
    "cp /bin/true balls/a/files/t; chmod 4755 balls/a/files/t",
    fineOrTold,
  ),
  universe("a FIFO as a script", "mkdir balls/a/scripts; mkfifo balls/a/scripts/1", fineOrTold),
  universe("a FIFO as requires", "mkfifo balls/a/requires", fineOrTold),
  universe("a folder as requires", "mkdir balls/a/requires", refused(/requires/)),
  universe("a link as requires", "ln -s /root/secret balls/a/requires", fineOrTold),
  universe(
    "a link as a script",
    "mkdir balls/a/scripts; ln -s /bin/sh balls/a/scripts/1",
    refused(/scripts\/1/),
  ),
  universe("scripts/ is a link", "ln -s /etc balls/a/scripts", refused(/scripts/)),
  universe("the ball is a link", "rm -r balls/a; ln -s /etc balls/a", refused(/"?a"?/)),
  universe("a sparse file of 1 TB in files/", "truncate -s 1T balls/a/files/s", refused(/./)),
  ball(
    "requires of 1 MB in a line",
    { requires: `after ${"x".repeat(1 << 20)}` },
    refused(/requires/),
  ),
  ball("requires that is binary", { requires: "\0\x01\x02" }, refused(/requires/)),
  ball("requires ..", { requires: "after ../../etc" }, refused(/requires/)),
  universe("a chain of 3,000 requires", CHAIN(3000), fineOrTold),
  ball("a purge of everything", { purge: "/**\n" }, fineOrTold),
  ball("a purge of ..", { purge: "/srv/../etc/*\n" }, fineOrTold),
  ball("a glob with many stars", {
    permissions: `0600 root root /${"**a".repeat(12)}b\n`,
    "scripts/10": `mkdir -p /srv/${"a".repeat(120)}/${"a".repeat(120)}`,
    "files/srv/x": "x",
  }, fineOrTold),
  ball("a mode of 9 digits", { permissions: "077777777 root root /etc\n" }, refused(/octal|mode/)),
  ball("permissions of ..", { permissions: "0777 root root /../../etc/shadow\n" }, fineOrTold),
  ball("permissions of everything", { permissions: "0777 alice alice /**\n" }, fineOrTold),

  // Templates.
  ball(
    "a template that never ends",
    { "templates/etc/t.eta": "<% for (;;) {} %>" },
    refused(/t\.eta/),
    ENDLESS,
  ),
  ball(
    "a template of 500 MB",
    { "templates/etc/t.eta": "<%= 'x'.repeat(5e8) %>" },
    refused(/t\.eta/),
  ),
  ball(
    "a template that is garbage",
    { "templates/etc/t.eta": "<% }{ `".repeat(5000) },
    refused(/t\.eta/),
  ),
  ball("a bash template that floods the output of DISCO's", {
    "templates/etc/t": `awk 'BEGIN { x = "x"; for (i = 0; i < 20; i++) x = x x
for (i = 0; i < 3000; i++) print x >"/proc/1/fd/1" }'\necho x`,
  }, fineOrTold),
  ball(
    "a bash template of endless output",
    { "templates/etc/t": "yes" },
    refused(/templates\/etc\/t|limit|large/),
    ENDLESS,
  ),

  // What a script prints and leaves.
  script(
    "a line of modprobe with 16,000 letters",
    "printf 'modprobe: ERROR%s\\n' $(head -c 16000 /dev/zero | tr '\\0' a) >&2",
    fineOrTold,
  ),
  script("100 MB without a newline", "head -c 100M /dev/zero", fineOrTold),
  script("a million lines", "seq 1000000", fineOrTold),
  script(
    "refused questions of 60 KB",
    "x=$(head -c 60000 /dev/zero | tr '\\0' x); for i in $(seq 300); do systemctl status $x || true; done",
    fineOrTold,
  ),
  script(
    "an effect of 5 MB",
    "head -c 5M /dev/zero | tr '\\0' x >/run/disco/effects/1.effect",
    fineOrTold,
  ),
  script(
    "20,000 effects",
    "cd /run/disco/effects; for i in $(seq 20000); do printf '%s\\0' / 2 true $i end >$i.effect; done",
    fineOrTold,
  ),
  script(
    "odd names among the effects",
    "cd /run/disco/effects; mkdir 1.effect; mkfifo 2.effect; ln -s /root/secret 3.effect; truncate -s 9G 4.effect",
    fineOrTold,
  ),
  script(
    "figures of 9 GB",
    "truncate -s 9G /run/disco/out/figures; mkdir /run/disco/out/network",
    fineOrTold,
  ),
  script(
    "a link as figures",
    "cd /run/disco/out; ln -sf /root/secret network; rm -f figures; ln -s /root/secret figures",
    fineOrTold,
  ),
  script("a fork bomb", "b() { b | b & }; b; sleep 600", refused(/scripts\/10/), ENDLESS),

  // What a script makes of the tree.
  script(
    "a file of 100 TB",
    "truncate -s 100T /srv/huge || truncate -s 8E /srv/huge || truncate -s 15T /srv/huge",
    fineOrTold,
  ),
  script("passwd of 3 GB", "truncate -s 3G /etc/passwd", fineOrTold, {
    balls: {
      a: { "scripts/10": "truncate -s 3G /etc/passwd" },
      b: { requires: "a", "files/etc/b": "b\n" },
    },
  }),
  ...[
    "rm /etc/passwd; mkfifo /etc/passwd",
    "rm /etc/passwd; mkdir /etc/passwd",
    "rm /etc/passwd; ln -s passwd /etc/passwd",
    "rm /etc/passwd; ln -s /root/secret /etc/passwd",
    "rm /etc/group",
  ]
    .map((text) =>
      script(text, "", fineOrTold, {
        balls: {
          a: { "scripts/10": text },
          b: { requires: "a", "files/etc/b": "b\n", permissions: "0640 root root /etc/b\n" },
        },
      })
    ),
  script(
    "600 new files of 1 MB of text",
    "mkdir /srv/n; head -c 1M /dev/zero | tr '\\0' '\\n' >/tmp/x; perl -MFile::Copy -e 'copy(\"/tmp/x\", \"/srv/n/$_\") for 1..600'",
    fineOrTold,
  ),
  script(
    "3,000 folders in one another",
    "cd /srv; perl -e 'for (1..3000) { mkdir q(d); chdir q(d) or die }'",
    fineOrTold,
  ),
  script("20,000 files", "mkdir /srv/n; cd /srv/n; seq 20000 | xargs touch", fine),
  script(
    "a file with 5,000 names",
    "mkdir /srv/n; cd /srv/n; echo x >x; perl -e 'link q(x), $_ for 1..5000'",
    fine,
  ),
  script(
    "attributes of 60 KB",
    "echo x >/srv/x; setfattr -n user.x -v $(head -c 60000 /dev/zero | tr '\\0' x) /srv/x || true",
    fineOrTold,
  ),
  script(
    "lines of 10 MB in a changed text",
    "head -c 10M /dev/zero | tr '\\0' x >/etc/issue",
    fine,
  ),
  script("a diff of 100,000 lines", "seq 100000 >/etc/issue", fine),
  script(
    "a diff of two texts that have nothing in common",
    "seq 60000 >/etc/long; tac /etc/long >/etc/issue",
    fine,
  ),
  script(
    "odd types everywhere",
    "cd /srv; mkfifo p; mknod s p; ln -s s l; ln -s l l2; ln -s loop loop; perl -MSocket -e 'socket S, PF_UNIX, SOCK_STREAM, 0; bind S, sockaddr_un(q(/srv/sock))'",
    fine,
  ),
  script(
    "modes of nothing",
    "mkdir /srv/d; echo x >/srv/d/x; chmod 0 /srv/d/x /srv/d; chmod 7777 /etc/issue",
    fine,
  ),
  script("times far away", "touch -d @-9000000000 /srv/old; touch -d @9000000000 /srv/new", fine),

  // Servers.
  server("silent", refused(/fetch/i), true),
  server("garbage", refused(/fetch/i)),
  server("drip", refused(/fetch/i), true),
  server("long", refused(/fetch/i), true),
  server("motd", refused(/fetch/i), true),
  server("error", { code: [1], hides: /\p{Cc}(\[2J|31m)|^(.*\r)?info: all is well/mu }),
  server("names", refused(/fetch/i)),
  server("list", refused(/fetch/i), true),
  server("messages", refused(/fetch/i), true),
];

function ODD_NAMES(): string {
  return `cd balls/a/files/etc; touch -- $'a\\nb' -rf '$(touch was-run)' '*' ' ' 'a"b' "a'b" 'a\\b' '...' $'a\\tb' '~' '#' \\
    "$(printf '%0255d' 0)"`;
}

function LONG_PATH(): string {
  return `cd balls/a/files; for i in $(seq 60); do d=$(printf '%0100d' $i); mkdir $d; cd $d; done; touch end`;
}

function CHAIN(length: number): string {
  return `mkdir balls/c{1..${length + 1}}; echo after c1 >balls/a/requires
for ((i = 1; i <= ${length}; i++)); do echo "after c$((i + 1))" >balls/c$i/requires; done`;
}
