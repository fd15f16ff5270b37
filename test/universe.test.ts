import { describe, it } from "@std/testing/bdd";
import { assert, assertEquals, assertMatch, assertStringIncludes, assertThrows } from "@std/assert";
import { Eta } from "eta";
import { join } from "@std/path";
import { inspectBall, readBall } from "../lib/ball/mod.ts";
import { lintBall } from "../lib/lint/mod.ts";
import { parseKey } from "../lib/params/mod.ts";
import { DiscoError } from "../lib/error/mod.ts";
import { run, RunError } from "../lib/process/run.ts";
import { canRehearse, type Rehearsal, rehearse } from "./universe_rehearsal.ts";

const EMBEDDED = join(import.meta.dirname!, "..", "universe");
const TESTING = join(import.meta.dirname!, "universe");

const BROKEN_IN_THEMSELVES = [
  "broken-absolute-link",
  "broken-link",
  "broken-permissions",
  "broken-requires",
];

describe("the embedded universe", () => {
  it("should have the balls of the original and hello", () => {
    const expected = ["entities", "groups", "hello", "packages", "services", "users"];
    assertEquals(namesIn(EMBEDDED, "balls"), expected);
  });

  it("should give the node default one ball", () => {
    assertEquals(namesIn(EMBEDDED, "parameters"), ["default"]);
    assertEquals(namesIn(EMBEDDED, "parameters/default/modules"), ["hello"]);
  });

  for (const name of namesIn(EMBEDDED, "balls")) {
    it(`should have nothing to be found wrong in ${name}`, async () => {
      const findings = await lintBall(join(EMBEDDED, "balls", name), name);
      assertEquals(findings.filter(({ level }) => level !== "skipped"), []);
    });
  }
});

describe("the universe for tests", () => {
  it("should hold balls that are good, except those that must be refused", () => {
    for (const name of namesIn(TESTING, "balls")) {
      if (BROKEN_IN_THEMSELVES.includes(name)) {
        assertThrows(() => inspectAndRead(TESTING, name), DiscoError);
      } else inspectAndRead(TESTING, name);
    }
  });

  it("should list no broken ball for a node that is not broken", () => {
    for (const node of namesIn(TESTING, "parameters").filter((name) => !/^broken-/.test(name))) {
      const listed = namesIn(TESTING, `parameters/${node}/modules`);
      assertEquals(listed.filter((name) => /^broken-/.test(name)), []);
    }
  });

  it("should have a node for every broken ball", () => {
    const broken = namesIn(TESTING, "parameters").filter((name) => /^broken-/.test(name))
      .flatMap((node) => namesIn(TESTING, `parameters/${node}/modules`));
    const required = ["broken-cycle-b", "broken-cycle-c"];
    for (const ball of namesIn(TESTING, "balls").filter((name) => /^broken-/.test(name))) {
      assert(broken.includes(ball) || required.includes(ball), ball);
    }
  });
});

for (const universe of [EMBEDDED, TESTING]) {
  describe(`what git keeps of ${universe === EMBEDDED ? "the embedded" : "the tests'"} universe`, () => {
    it("should be all: no empty folders", () => {
      const empty = [...walk(universe)].filter(([path, entry]) =>
        entry.isDirectory && [...Deno.readDirSync(path)].length === 0
      );
      assertEquals(empty, []);
    });

    it("should have keys that are keys", () => {
      const spoiled = /broken-parameter\//;
      for (const [path, { isFile }] of walk(universe)) {
        const key = /\/(?:groups|parameters)\/(.+)$/.exec(path)?.[1];
        if (key && isFile && !path.includes("/files/") && !spoiled.test(path)) parseKey(key);
      }
    });

    it("should have Eta templates that compile", () => {
      const eta = new Eta({ autoEscape: false, autoTrim: false });
      let compiled = 0;
      for (const [path] of walk(universe)) {
        if (!path.endsWith(".eta")) continue;
        const compile = () => void eta.compile(Deno.readTextFileSync(path));
        if (path.includes("/broken-eta-syntax/")) assertThrows(compile, Error);
        else compile();
        compiled++;
      }
      assert(compiled > 0);
    });
  });
}

describe("entities.sh", () => {
  const library = join(EMBEDDED, "balls/entities/files/usr/local/lib/disco/entities.sh");
  const bash = (script: string, ...args: string[]) =>
    run(["bash", "-euo", "pipefail", "-c", `. ${library}\n${script}`, "bash", ...args]);
  const words = (text: string) => bash(`entities_words "$1"; declare -p ENTITIES_WORDS`, text);

  const cases: [text: string, words: string[]][] = [
    ["", []],
    ["-m", ["-m"]],
    ["  -m \t -u\n1000\n", ["-m", "-u", "1000"]],
    ["-c 'Alice Example' -m", ["-c", "Alice Example", "-m"]],
    [`-c "it's"`, ["-c", "it's"]],
    [String.raw`-c a\ b`, ["-c", "a b"]],
    ["-G ''", ["-G", ""]],
    ["$(id) `id` * ~ ;", ["$(id)", "`id`", "*", "~", ";"]],
  ];
  for (const [text, expected] of cases) {
    it(`should split ${JSON.stringify(text)}`, async () => {
      const script = `entities_words "$1"; for word in "\${ENTITIES_WORDS[@]}"; do
        printf '%s\\n' "$word"; done`;
      assertEquals(await bash(script, text), expected.map((word) => `${word}\n`).join(""));
    });
  }

  it("should refuse an open quote", async () => {
    await assertFails(() => words("-c 'Alice"), "Cannot split");
  });

  const table = "declare -A table=([-m]=-m [-u]=-u: [--uid]=-u: [-p]=-p: [-s]=-s:)";
  const parse = (text: string) =>
    bash(
      `${table}; entities_parse table "$1"; echo "\${ENTITIES_OPTIONS[*]}"; echo "\${ENTITIES_WANT[-u]-}"`,
      text,
    );
  for (const text of ["-m -u 7", "-mu 7", "-mu7", "-m --uid 7", "-m --uid=7", "-m -p hash -u 7"]) {
    it(`should understand ${text}`, async () => assertEquals(await parse(text), "-m -u 7\n7\n"));
  }
  for (
    const [text, message] of [
      ["-x", `Cannot use the option "-x"`],
      ["--uid", "needs a value"],
      ["-m alice", "Expected an option"],
    ] as const
  ) {
    it(`should refuse ${text}`, () => assertFails(() => parse(text), message));
  }
});

const rehearsals = canRehearse() ? describe : describe.skip;

rehearsals("the balls, applied twice", () => {
  // The system's own takes seconds, and runs whatever hooks this machine has.
  const certificates = `#!/bin/sh
ln -s /usr/local/share/ca-certificates/example-root.crt /etc/ssl/certs/example-root.pem
`;
  const twice = (rehearsal: Rehearsal) =>
    rehearse({ ...rehearsal, commands: { "update-ca-certificates": certificates } });

  it("should be seen to change something the second time, if they do", async () => {
    const control = await rehearse({
      universe: TESTING,
      node: "control",
      balls: ["environment"],
      commands: { "cut": `#!/bin/sh\necho round $DISCO_ROUND\n` },
    });
    assertEquals(control.changed, ["/etc/disco-test-environment"]);
  });

  it("should find nothing to do after hello", async () => {
    const folder = "/etc/disco-hello";
    const outcome = await twice({
      universe: EMBEDDED,
      node: "default",
      keep: ["welcome.txt", "facts.txt", "node.conf", "settings.conf"].map((n) => `${folder}/${n}`),
    });
    assertEquals([outcome.failed, outcome.changed], [[], []]);
    assertEquals(outcome.effects.map((effects) => effects.length), [1, 0]);
    assertStringIncludes(outcome.content[`${folder}/facts.txt`]!, "Hello, default!");
    assertStringIncludes(outcome.content[`${folder}/node.conf`]!, "greeting = Hello\n");
    assertStringIncludes(outcome.content[`${folder}/settings.conf`]!, "\ngreeting = Hello\n");
  });

  it("should leave the lines alone that a person wrote, in hello", async () => {
    const file = "/etc/disco-hello/settings.conf";
    const outcome = await twice({
      universe: EMBEDDED,
      node: "default",
      parameters: { "hello/greeting": "G'day & \\1 / $HOME" },
      prepare: `mkdir -p /etc/disco-hello; printf 'mine\ngreeting = old\ntoo\n' >${file}`,
      keep: [file],
    });
    assertEquals(outcome.content[file], "mine\ntoo\ngreeting = G'day & \\1 / $HOME\n");
  });

  for (const node of ["web1", "db1", "all"].map((name) => `${name}.example.org`)) {
    it(`should find nothing to do on ${node}`, async () => {
      const file = "/etc/disco-test/precedence";
      const outcome = await twice({ universe: TESTING, node, keep: [file] });
      // What is asked for only if something changes is not carried out then.
      const again = outcome.effects[1].filter((line) => !line.startsWith("--if-changed "));
      assertEquals([outcome.failed, outcome.changed, again], [[], [], []]);
      const [db, web] = [!node.startsWith("web"), !node.startsWith("db")];
      assertEquals(
        outcome.content[file],
        `ball ball
common common
db ${db ? "db" : "common"}
node node
web ${web ? "web" : "db"}
`,
      );
    });
  }
});

rehearsals("users and groups", () => {
  const hash =
    "$6$saltsalt$QmrrW2lCNMSIXNnpqPgJZqCrkYiqwmFSbjDHDqgaW2Tv9hP9r3ufRZ8zTuTFtHdMoYtvcZ3MVbG";
  const parameters = {
    "groups/present/crew": "",
    "groups/present/staff-of-us": "-g 2600",
    "groups/absent/olds": "",
    "users/present/alice": "-m -u 2601 -s /bin/bash -G crew,staff-of-us -c 'Alice Example'",
    "users/present/games": "-s /bin/sh",
    "users/present/web-of-us": "--system --home-dir=/srv/web -Ms/usr/sbin/nologin",
    "users/absent/old": "-r",
    "users/absent/homeless": "-r",
    "users/absent/never-there": "",
    "users/secret/password/alice": hash,
    "users/keys/alice": "ssh-ed25519 AAAA alice\nssh-ed25519 BBBB alice",
  };
  const keep = ["/etc/passwd", "/etc/group", "/etc/shadow", "/home/alice/.ssh/authorized_keys"];
  const prepare = "groupadd -g 2699 olds && useradd -m -g olds old && useradd -M homeless";

  it("should become what the parameters say", async () => {
    const rehearsal = { universe: EMBEDDED, node: "node.example.org", balls: ["users"] };
    const outcome = await rehearse({ ...rehearsal, parameters, keep, prepare });
    assertEquals([outcome.failed, outcome.changed], [[], []]);
    assertEquals(outcome.balls, ["packages", "entities", "groups", "users"]);
    const [passwd, group, shadow, keys] = keep.map((path) => outcome.content[path]!);
    assertMatch(passwd!, /^alice:x:2601:\d+:Alice Example:\/home\/alice:\/bin\/bash$/m);
    assertMatch(passwd!, /^games:x:5:60:games:\/usr\/games:\/bin\/sh$/m);
    assertMatch(passwd!, /^web-of-us:x:\d{3}:\d+::\/srv\/web:\/usr\/sbin\/nologin$/m);
    assert(!/^(old|homeless):/m.test(passwd!) && !/^olds:/m.test(group!));
    assertMatch(group!, /^staff-of-us:x:2600:alice$/m);
    assertMatch(group!, /^crew:x:\d+:alice$/m);
    assertStringIncludes(shadow!, `alice:${hash}:`);
    assertEquals(keys, `${parameters["users/keys/alice"]}\n`);
    assertEquals(outcome.attributes["/home/alice/.ssh/authorized_keys"], "600:alice:alice");
  });

  it("should do without useradd and its family, on busybox", async () => {
    const { "users/absent/old": _, "groups/absent/olds": __, ...rest } = parameters;
    const outcome = await rehearse({
      universe: EMBEDDED,
      node: "node.example.org",
      balls: ["users"],
      parameters: rest,
      keep,
      prepare: "rm -f /usr/sbin/{user,group}{add,mod,del} /usr/sbin/{add,del}{user,group}",
      commands: BUSYBOX,
    });
    assertEquals([outcome.failed, outcome.changed, outcome.output], [[], [], ""]);
    const [passwd, group, shadow] = keep.map((path) => outcome.content[path]!);
    assertMatch(passwd!, /^alice:x:2601:2601:Alice Example:\/home\/alice:\/bin\/bash$/m);
    assertMatch(passwd!, /^games:x:5:60:games:\/usr\/games:\/bin\/sh$/m);
    assertMatch(group!, /^crew:x:\d+:alice$/m);
    assertStringIncludes(shadow!, `alice:${hash}:`);
  });

  for (
    const [why, parameters, message, prepare] of [
      ["both present and absent", {
        "users/present/bob": "",
        "users/absent/bob": "",
      }, "Cannot have both users/present/bob"],
      ["an unknown option", { "users/present/bob": "--root /" }, 'Cannot use the option "--root"'],
      ["a strange name", { "groups/present/a,b": "" }, 'Cannot use "a,b" as the name'],
      [
        "keys where .ssh is a link",
        {
          "users/present/bob": "-m",
          "users/keys/bob": "key",
        },
        ".ssh is not a folder",
        "useradd -m bob && ln -s /etc /home/bob/.ssh",
      ],
    ] as const
  ) {
    it(`should refuse ${why}`, async () => {
      const rehearsal = { universe: EMBEDDED, node: "node.example.org", balls: ["users"] };
      const outcome = await rehearse({ ...rehearsal, parameters, prepare: prepare ?? "" });
      assert(outcome.failed.length > 0);
      assertStringIncludes(outcome.output, message);
    });
  }
});

rehearsals("packages", () => {
  const debian = { universe: EMBEDDED, node: "node.example.org", balls: ["packages"] };
  const commands = (installed: string) => ({
    "dpkg-query": `#!/bin/sh\nfor name do :; done\ncase " ${installed} " in
  *" $name "*) echo installed ;; *) exit 1 ;; esac\n`,
    "apt-get": `#!/bin/sh\necho "not simulated: $*" >&2; exit 1\n`,
  });
  const prepare = "printf 'ID=debian\\n' >/etc/os-release";

  it("should run nothing when all is as it should be", async () => {
    const parameters = { "packages/install/nginx": "", "packages/remove/apache2": "" };
    const outcome = await rehearse({ ...debian, parameters, prepare, commands: commands("nginx") });
    assertEquals([outcome.failed, outcome.effects, outcome.output], [[], [[], []], ""]);
  });

  it("should name what it would install and remove, without a network in a dry run", async () => {
    const parameters = {
      "packages/install/g++": "",
      "packages/install/nginx": "",
      "packages/remove/apache2": "",
      "packages/commands/debian/install": "apt-get install -y",
    };
    const outcome = await rehearse({
      ...debian,
      parameters,
      prepare,
      commands: commands("apache2"),
    });
    assertEquals(outcome.failed, []);
    assertEquals(outcome.effects[0], [
      "apt-get remove --yes --quiet apache2",
      "apt-get update --quiet",
      "apt-get install -y g++ nginx",
    ]);
  });

  for (
    const [os, tools, expected] of [
      ["ID=rocky\nID_LIKE='rhel centos fedora'", ["rpm"], "dnf install --assumeyes --quiet nginx"],
      ["ID=alpine", ["apk"], "apk add --no-progress --no-cache nginx"],
    ] as const
  ) {
    it(`should say "${expected}" where it fits`, async () => {
      const outcome = await rehearse({
        ...debian,
        parameters: { "packages/install/nginx": "" },
        prepare: `cat >/etc/os-release <<'END'\n${os}\nEND`,
        commands: Object.fromEntries(tools.map((tool) => [tool, "#!/bin/sh\nexit 1\n"])),
      });
      assertEquals([outcome.failed, outcome.effects[0]], [[], [expected]]);
    });
  }

  it("should refuse a name that means something else to apt", async () => {
    const parameters = { "packages/install/nginx-": "" };
    const outcome = await rehearse({ ...debian, parameters, prepare, commands: commands("") });
    assertStringIncludes(outcome.output, 'Cannot use "nginx-" as the name of a package');
  });
});

rehearsals("services", () => {
  const unit = "[Service]\\nExecStart=/bin/true\\n[Install]\\nWantedBy=multi-user.target\\n";

  it("should start what it enables, stop what it disables, and restart what has changed", async () => {
    const outcome = await rehearse({
      universe: EMBEDDED,
      node: "node.example.org",
      balls: ["services"],
      parameters: {
        "services/enable/demo": "",
        "services/enable/running": "",
        "services/disable/old": "",
        "services/disable/never-there": "",
        "services/restart/demo": "/etc/demo.conf /etc/demo.d\n/etc/not-there",
        "services/reload/running": "/etc/running.conf",
      },
      prepare: `cd /etc/systemd/system
        for name in demo running old; do printf '${unit}' >$name.service; done
        mkdir -p multi-user.target.wants /etc/demo.d
        ln -sf /etc/systemd/system/{running,old}.service multi-user.target.wants/
        touch /etc/demo.conf /etc/running.conf`,
      keep: ["/etc/systemd/system/multi-user.target.wants/demo.service"],
    });
    assertEquals([outcome.failed, outcome.changed], [[], []]);
    const watched = [
      "--if-changed /etc/demo.conf /etc/demo.conf/** /etc/demo.d /etc/demo.d/** /etc/not-there " +
      "/etc/not-there/** -- systemctl restart demo",
      "--if-changed /etc/running.conf /etc/running.conf/** -- systemctl reload running",
    ];
    assertEquals(outcome.effects, [
      ["systemctl start demo", "systemctl stop old", ...watched],
      watched,
    ]);
  });
});

/** As far as the balls use them, what the commands of busybox do. */
const BUSYBOX = {
  "adduser": `#!/bin/bash
set -eu
home= shell=/bin/sh group= make=yes
while getopts Du:h:s:HSG: option; do
  case $option in
    u) uid=$OPTARG ;; h) home=$OPTARG ;; s) shell=$OPTARG ;; H) make= ;; G) group=$OPTARG ;; *) ;;
  esac
done
name=\${!OPTIND}
: "\${uid:=990}" "\${home:=/home/$name}"
[ -n "$group" ] || { group=$name; echo "$name:x:$uid:" >>/etc/group; }
echo "$name:x:$uid:$(awk -F: -v g="$group" '$1 == g { print $3 }' /etc/group)::$home:$shell" >>/etc/passwd
echo "$name:!:19000:0:99999:7:::" >>/etc/shadow
[ -z "$make" ] || { mkdir -p "$home"; chown "$uid" "$home"; }
`,
  "addgroup": `#!/bin/bash
set -eu
gid=2700
while getopts Sg: option; do [ "$option" != g ] || gid=$OPTARG; done
shift $((OPTIND - 1))
if [ $# -eq 2 ]; then
  sed -i "/^$2:/{s/\\$/,$1/;s/:,/:/}" /etc/group
else
  while grep -q ":x:$gid:" /etc/group; do gid=$((gid + 1)); done
  echo "$1:x:$gid:" >>/etc/group
fi
`,
};

async function assertFails(action: () => Promise<unknown>, message: string): Promise<void> {
  try {
    await action();
  } catch (error) {
    assert(error instanceof RunError);
    assertStringIncludes(error.message, message);
    return;
  }
  throw new Error(`Expected a failure that says ${message}`);
}

function inspectAndRead(universe: string, name: string): void {
  inspectBall(join(universe, "balls", name), name);
  readBall(join(universe, "balls", name), name);
}

function namesIn(universe: string, folder: string): string[] {
  try {
    return [...Deno.readDirSync(join(universe, folder))].map(({ name }) => name).sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

function* walk(dir: string): Generator<[path: string, entry: Deno.DirEntry]> {
  for (const entry of Deno.readDirSync(dir)) {
    const path = join(dir, entry.name);
    yield [path, entry];
    if (entry.isDirectory) yield* walk(path);
  }
}
