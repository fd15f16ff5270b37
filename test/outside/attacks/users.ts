/**
 * What a local user does in directories of its own.
 *
 * @module
 */
import type { Attack, Balls, Mode } from "../attack.ts";
import { SECRET } from "../scene.ts";

const EVERYWHERE: readonly Mode[] = ["dry", "live", "check", "shell", "stages"];
const KEYS = {
  "files/home/alice/.ssh/authorized_keys": "of the ball\n",
  permissions: "0600 alice alice /home/alice/.ssh/authorized_keys\n",
};

/** Links of a user's on the way to what is delivered: the error names link, owner and target. */
const deliveries: Attack[] = [
  {
    what: "~/.ssh is a link to /root/.ssh, and a ball delivers to it",
    modes: EVERYWHERE,
    user: "ln -s /root/.ssh /home/alice/.ssh",
    balls: { a: KEYS },
    then: { code: [1], says: /"\/home\/alice\/\.ssh".* of user .*"\/root\/\.ssh"/ },
    control: "links of anybody",
  },
  {
    what: "the same with a relative link",
    modes: ["dry", "live"],
    user: "ln -s ../../root/.ssh /home/alice/.ssh",
    balls: { a: KEYS },
    then: { code: [1], says: /\/home\/alice\/\.ssh/ },
    control: "links of anybody",
  },
  {
    what: "the same by a link of the user's own that leads to another one",
    modes: ["dry", "live"],
    user: "mkdir ~/x; ln -s /root/.ssh ~/x/y; ln -s x/y ~/.ssh".replaceAll("~", "/home/alice"),
    balls: { a: KEYS },
    then: { code: [1], says: /\/root\/\.ssh/ },
  },
  {
    what: "a link in /var/tmp, and a ball delivers below it",
    modes: ["dry", "live"],
    user: "ln -s /etc /var/tmp/x",
    balls: { a: { "files/var/tmp/x/precious": "changed\n" } },
    then: { code: [1], says: /\/var\/tmp\/x/ },
  },
  {
    what: "a link in /var/tmp, and a template is delivered below it",
    modes: ["dry", "live"],
    user: "ln -s /etc /var/tmp/x",
    balls: { a: { "templates/var/tmp/x/precious.eta": "changed\n" } },
    then: { code: [1], says: /\/var\/tmp\/x/ },
  },
  {
    what: "links where a ball changes modes and owners by a glob",
    modes: ["dry", "live", "check"],
    user: "ln -s /root /home/alice/folder; ln -s /root/secret /home/alice/file",
    balls: {
      a: {
        "files/home/alice/own": "own\n",
        permissions: "0777 alice alice /home/alice/**\n0777 alice alice /home/alice/*/*\n",
      },
    },
    then: { changes: /^\/home\/alice\b/ },
  },
  {
    what: "a link in the place of the file itself (it is replaced)",
    modes: ["dry", "live"],
    user: "ln -s /etc/precious /home/alice/.profile",
    balls: { a: { "files/home/alice/.profile": "of the ball\n" } },
    then: {
      code: [0],
      changes: /^\/home\/alice\/\.profile\b/,
    },
  },
  {
    what: "a link of the user's to a folder of the user's (it is followed)",
    modes: ["live"],
    user: "mkdir /home/alice/dot; ln -s dot /home/alice/.ssh",
    balls: { a: KEYS },
    then: {
      code: [0],
      changes: /^\/home\/alice\/dot\b/,
      holds: "grep -q 'of the ball' /home/alice/dot/authorized_keys; [ -L /home/alice/.ssh ]",
    },
  },
  {
    what: "a link of root's to anywhere (it is followed)",
    modes: ["live"],
    host:
      "mkdir /srv/real; ln -s /srv/real /home/alice/root-made; chown -h 0:0 /home/alice/root-made",
    balls: { a: { "files/home/alice/root-made/file": "of the ball\n" } },
    then: {
      code: [0],
      changes: /^\/srv\/real\b/,
      holds: "grep -q 'of the ball' /srv/real/file",
    },
  },
  {
    what: "a link of the user's to a folder of another user's",
    modes: ["live"],
    host: "mkdir /srv/bob; chown 1001:1001 /srv/bob",
    user: "ln -s /srv/bob /home/alice/.ssh",
    balls: { a: KEYS },
    then: { code: [1], says: /\/srv\/bob/ },
  },
  {
    what: "a link in a place that a ball purges",
    modes: ["dry", "live", "check"],
    earlier: [{
      a: {
        "files/home/alice/d/precious": "x\n",
        "scripts/10": "cp -p /etc/precious /home/alice/d/precious",
      },
    }],
    user: "mv /home/alice/d /home/alice/e",
    host: "chown -R 1000:1000 /home/alice",
    balls: { a: { purge: "/home/alice/d/precious\n", "scripts/10": "true" } },
    then: { changes: /^\/home\/alice\b/ },
  },
  {
    what: "the working directory of an effect is a link",
    modes: ["live"],
    user: "ln -s /root /home/alice/work",
    balls: { a: { "scripts/10": "cd /home/alice/work && disco-effect touch was-here || true" } },
    then: {},
  },
];

/** Files and folders that root names on the command line, below a user's directory. */
const named: Attack[] = [
  {
    what: "report --output to a link of the user's",
    modes: ["live"],
    user: "ln -s /etc/precious /home/alice/report",
    balls: {},
    earlier: [{ a: { "files/etc/new": "new\n" } }],
    command: ["report", "--format", "html", "--output", "/home/alice/report"],
    then: { changes: /^\/home\/alice\b/ },
  },
  {
    what: "--state in a folder of the user's, with links in it",
    modes: ["live"],
    user: "mkdir -p /home/alice/state/var; ln -s /opt/tree /home/alice/state/var/disco",
    balls: { a: { "files/etc/new": "new\n" } },
    options: ["--noop", "--state", "/home/alice/state"],
    then: { changes: /^\/home\/alice\b/ },
  },
  {
    what: "--root of an image of the user's, with links in it",
    modes: ["live"],
    user:
      "mkdir -p /home/alice/image/usr; cd /home/alice/image; ln -s /opt/tree var; ln -s /etc etc",
    balls: { a: { "files/etc/precious": "new\n" } },
    options: ["--root", "/home/alice/image"],
    then: { changes: /^\/home\/alice\b/ },
  },
];

const BOTH: Balls = {
  a: { "files/etc/new": "new\n", "files/home/alice/new/file": "new\n" },
};
/** Everything is there, or nothing of it. */
const WHOLE = `
if [ -e /etc/new ]; then [ -e /home/alice/new/file ]; else [ ! -e /home/alice/new ]; fi`;
const AWAY = "cd /home/alice; mv .disco away; ";

/** What the user does to the folder in which a merge stages; "~" is a file system of its own. */
const staging: Attack[] = [
  {
    what: "~/.disco is a file, and nothing changes there",
    modes: ["dry", "live"],
    user: "touch /home/alice/.disco",
    balls: { a: { "files/etc/new": "new\n" } },
    then: { code: [0], changes: /^\/etc(\/new)?:/ },
  },
  ...["touch", "mkdir", "ln -s /opt/tree", "ln -s /nowhere", "mkfifo"].map((how): Attack => ({
    what: `\`${how} ~/.disco\`, and a ball delivers there`,
    modes: ["dry", "live"],
    user: `${how} /home/alice/.disco`,
    balls: BOTH,
    then: { changes: /^\/(etc|home\/alice)\b/, holds: WHOLE },
  })),
  ...[
    `${AWAY}ln -s /opt/tree .disco`,
    `${AWAY}mkdir .disco`,
    AWAY,
    "rm -rf /home/alice/.disco || mv /home/alice/.disco /media || true",
  ].map((
    how,
  ): Attack => ({
    what: `after a power cut in the merge: \`${how.replace("cd /home/alice; ", "")}\``,
    modes: ["recovery"],
    balls: BOTH,
    user: how,
    then: { changes: /^\/(etc|home\/alice)\b/, holds: WHOLE },
  })),
  ...[`${AWAY}ln -s /opt/tree .disco`, AWAY].map((how): Attack => ({
    what: `before a rollback: \`${how.replace("cd /home/alice; ", "")}\``,
    modes: ["rollback"],
    balls: BOTH,
    user: how,
    then: { changes: /^\/(etc|home\/alice)\b/ },
  })),
  {
    what: "a folder that was changed is a link to /opt/tree before the rollback",
    modes: ["rollback"],
    host: "mkdir /home/alice/d; echo old >/home/alice/d/secret; chown -R 1000:1000 /home/alice",
    balls: { a: { "files/home/alice/d/secret": "new\n", "files/home/alice/d/new": "new\n" } },
    user: "cd /home/alice; mv d e; ln -s /opt/tree d",
    then: { changes: /^\/home\/alice\b/ },
  },
  {
    what: "the same before a recovery",
    modes: ["recovery"],
    host: "mkdir /home/alice/d; echo old >/home/alice/d/secret; chown -R 1000:1000 /home/alice",
    balls: { a: { "files/home/alice/d/secret": "new\n", "files/etc/new": "new\n" } },
    user: "cd /home/alice; mv d e; ln -s /opt/tree d",
    then: { changes: /^\/(etc|home\/alice)\b/ },
  },
  {
    what: "generations are pruned after ~/.disco became a link",
    modes: ["live"],
    host: "mkdir -p /etc/disco/client; echo 1 >/etc/disco/client/generations",
    earlier: [{ a: { "files/home/alice/one": "1\n" } }, { a: { "files/home/alice/one": "2\n" } }],
    user:
      "cd /home/alice; mv .disco away; mkdir .disco; for id in $IDS; do ln -s /opt/tree .disco/$id; done",
    balls: { a: { "files/etc/new": "3\n" } },
    then: { changes: /^\/(etc|home\/alice)\b/ },
  },
];

/** The name of a program of the tests, as the host sees it too. */
const program = (path: string) => new URL(path, import.meta.url).pathname;
const FUSE = program("../../host/fuse.pl");

/** One user against all. */
const vetoes: Attack[] = [
  {
    what: "a FUSE mount of the user's without allow_other",
    modes: EVERYWHERE,
    host: "mkdir /srv/fuse",
    during: `exec perl ${FUSE} /srv/fuse 1000 ''`,
    balls: { a: { "files/etc/new": "new\n", "scripts/10": "echo a >/etc/script" } },
    then: { code: [0], changes: /^\/etc\b/ },
  },
  {
    what: "a FUSE mount whose server answers no more",
    modes: ["dry", "live"],
    host: "mkdir /srv/fuse",
    during: `exec perl ${FUSE} /srv/fuse 1000 allow_other stop`,
    balls: { a: { "files/etc/new": "new\n", "scripts/10": "echo a >/etc/script" } },
    then: { changes: /^\/etc\b/ },
  },
  {
    what: "`touch ~/.rc` all the time, and --keep-going",
    modes: ["live"],
    user: "touch /home/alice/.rc",
    during: "alice: echo ready; while :; do touch /home/alice/.rc; done",
    balls: {
      a: { "files/home/alice/.rc": "of the ball\n" },
      b: { "files/etc/new": "new\n" },
    },
    options: ["--keep-going"],
    then: {
      changes: /^\/(etc|home\/alice)\b/,
      says: /\/home\/alice\/\.rc/,
      holds: "[ -e /etc/new ]",
    },
  },
  {
    what: "a dance with another state folder at the same time",
    modes: ["dry", "live"],
    host: "mkdir /run/test",
    during:
      "echo ready; while :; do $DISCO dance --noop --state /run/test/state --server embedded " +
      ">/run/test/log 2>&1; code=$?; echo $code >>/run/test/codes; " +
      "[ $code = 0 ] || cat /run/test/log >>/run/test/failed; done",
    balls: {
      a: { "scripts/10": "sleep 1.5; echo a >/etc/a" },
      b: { requires: "a", "scripts/10": "sleep 1.5; echo b >/etc/b" },
      c: { requires: "b", "scripts/10": "sleep 1.5; echo c >/etc/c" },
    },
    then: {
      code: [0],
      changes: /^\/etc\b/,
      holds: "[ -s /run/test/codes ]; ! cat /run/test/failed",
    },
  },
];

const PASS = program("../programs/pass.pl");
const TAKE = Deno.readTextFileSync(new URL("../programs/take.pl", import.meta.url));
const take = (name: string) => ({
  "lib/take.pl": TAKE,
  "scripts/10": `perl /run/disco/ball/lib/take.pl ${name} root/secret run/was-run || true`,
});
const HELD = { code: [0], hides: new RegExp(SECRET), holds: "[ ! -e /run/was-run ]" };

/** Descriptors that somebody on the host passes to a script. */
const sockets: Attack[] = [
  {
    what: "a descriptor of / over an abstract socket",
    modes: ["dry", "live", "check", "shell", "stages"],
    during: `exec perl ${PASS} @test`,
    balls: { a: take("@test") },
    then: HELD,
    control: "no Landlock",
  },
  {
    what: "a descriptor of / over an abstract socket in a dry run with noop/network",
    modes: ["dry"],
    host: "mkdir -p /etc/disco/client/noop; echo yes >/etc/disco/client/noop/network",
    during: `exec perl ${PASS} @test`,
    balls: { a: take("@test") },
    then: HELD,
    control: "no Landlock",
  },
  {
    what: "a descriptor of / over a socket on a FUSE mount",
    modes: ["dry", "live"],
    host: "mkdir /srv/fuse",
    during:
      `perl ${FUSE} /srv/fuse 1000 allow_other >/run/fuse & until [ -s /run/fuse ]; do :; done; ` +
      `rm /run/fuse; exec perl ${PASS} /srv/fuse/socket`,
    balls: { a: take("/srv/fuse/socket") },
    then: HELD,
    control: "bound places",
  },
  {
    what: "a descriptor of / over a socket in /home/alice",
    modes: ["dry", "live"],
    during: `exec perl ${PASS} /home/alice/socket`,
    balls: { a: take("/home/alice/socket") },
    then: HELD,
  },
  {
    what: "a descriptor of / over a socket in a read-only file system",
    modes: ["dry", "live"],
    host: "mkdir /srv/ro; mount -t tmpfs ro /srv/ro",
    during: `exec perl ${PASS} /srv/ro/socket`,
    balls: { a: take("/srv/ro/socket") },
    then: HELD,
  },
];

/** What a script holds that programs of the host feel. */
const felt: Attack[] = [
  {
    what: "flock on a program of the host, through /run/disco/live",
    modes: ["dry"],
    host: "mkdir -p /run/test; cp /bin/true /usr/local/bin/victim",
    during: "echo ready; while :; do flock --nonblock /usr/local/bin/victim true || " +
      "echo locked >>/run/test/felt; done",
    balls: {
      a: {
        "scripts/10": "for f in /run/disco/live/*/local/bin/victim /usr/local/bin/victim; do\n" +
          "  [ ! -e $f ] || flock --timeout 3 $f sleep 1 || true\ndone",
      },
    },
    then: { holds: "! cat /run/test/felt" },
  },
  {
    what: "a lease on a program of the host",
    modes: ["dry"],
    host: "mkdir -p /run/test; cp /bin/true /usr/local/bin/victim",
    // An open for writing that would have to wait for the holder of the lease.
    during: "echo ready; exec perl -MFcntl -e 'while (1) { if (sysopen my $f, " +
      '"/usr/local/bin/victim", O_WRONLY | O_NONBLOCK) { close $f } elsif ($!{EAGAIN}) { ' +
      'open my $o, ">>/run/test/felt"; print $o "leased\\n" } select undef, undef, undef, 0.01 }\'',
    balls: {
      a: {
        "scripts/10":
          `perl -MFcntl -e '$SIG{IO} = sub {}; my @f; for my $n (glob("/run/disco/live/*/local/bin/victim"), "/usr/local/bin/victim") { open my $f, "<", $n or next; fcntl $f, 1024, 0; push @f, $f } for (1..10) { select undef, undef, undef, 0.1 }'`,
      },
    },
    then: { holds: "! cat /run/test/felt" },
  },
  {
    what: "inotify on the host's files",
    modes: ["dry"],
    host: "mkdir -p /run/test /usr/local/watched",
    during:
      "echo ready; while :; do touch /usr/local/watched/x-$((n++ % 2)); rm -f /usr/local/watched/*; done",
    balls: {
      a: {
        "scripts/10": `perl -e '
my ($init, $add) = \`uname -m\` =~ /aarch64/ ? (26, 27) : (294, 254);
my $fd = syscall $init, 04000;
for my $p (glob("/run/disco/live/*/local/watched"), "/usr/local/watched") { my $path = "$p"; syscall $add, $fd, $path, 0x306 }
for (1..10) { select undef, undef, undef, 0.1; my $b = "\\0" x 4096; syscall(\`uname -m\` =~ /aarch64/ ? 63 : 0, $fd, $b, 4096) > 0 and print "felt the host\\n" }'`,
      },
    },
    then: { code: [0], hides: /felt the host/, noise: /^\/usr\/local\/watched\b/ },
  },
  {
    what: "all inotify instances that root may have",
    modes: ["dry", "live"],
    host: "mkdir -p /run/test",
    during: "echo ready; exec perl -e 'my $n = `uname -m` =~ /aarch64/ ? 26 : 294; while (1) { " +
      'my $fd = syscall $n, 0; if ($fd < 0) { open my $o, ">>/run/test/felt"; print $o "none left: $!\\n" } ' +
      "else { POSIX::close($fd) } select undef, undef, undef, 0.02 }' -MPOSIX",
    balls: {
      a: {
        "scripts/10":
          "perl -e 'my $n = `uname -m` =~ /aarch64/ ? 26 : 294; 1 while syscall($n, 0) >= 0; sleep 1'",
      },
    },
    then: { holds: "! cat /run/test/felt" },
  },
];

/** Everything about users. */
export const USERS: readonly Attack[] = [
  ...deliveries,
  ...named,
  ...staging,
  ...vetoes,
  ...sockets,
  ...felt,
];
