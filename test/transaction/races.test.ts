import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { AS_USER, compareTrees, describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { FROM_GIVEN } from "../host/scene.ts";
import { danceWhile, describeTree, GATE, namesIn } from "./support.ts";

/** What somebody else does to `/srv/t/x`, and what is there after the dance. */
interface Race {
  readonly name: string;
  readonly old: string;
  /** The ball's script, in `/srv/t`; it waits at the end. */
  readonly script: string;
  /** What somebody else does meanwhile, in `/srv/t`. */
  readonly theirs: string;
  /** Prints what must be there afterwards. */
  readonly look: string;
  readonly expected: string;
}

const APPEND = "[ -d x ] || echo ours >>x";
const RACES: readonly Race[] = [
  {
    name: "edited",
    old: "echo old >x",
    script: APPEND,
    theirs: "echo theirs >>x",
    look: "cat x",
    expected: "old theirs ours",
  },
  {
    name: "edited without changing its size or its time",
    old: "echo old >x",
    script: APPEND,
    theirs: "touch -r x /tmp/r; printf OLD | dd of=x conv=notrunc; touch -r /tmp/r x",
    look: "cat x",
    expected: "OLD ours",
  },
  {
    name: "replaced by a file of the same size and time",
    old: "echo old >x",
    script: APPEND,
    theirs: "echo new >y; touch -r x y; mv y x",
    look: "cat x",
    expected: "new ours",
  },
  {
    name: "given another mode",
    old: "echo old >x",
    script: APPEND,
    theirs: "chmod 600 x",
    look: "cat x; stat -c %a x",
    expected: "old ours 600",
  },
  {
    name: "created",
    old: ":",
    script: APPEND,
    theirs: "echo theirs >x",
    look: "cat x",
    expected: "theirs ours",
  },
  {
    name: "deleted",
    old: "echo old >x",
    script: "[ ! -e x ] || echo ours >>x",
    theirs: "rm x",
    look: "ls",
    expected: "",
  },
  {
    name: "edited while the ball deletes it",
    old: "echo old >x",
    script: "grep -qs theirs x || rm -f x",
    theirs: "echo theirs >>x",
    look: "cat x",
    expected: "old theirs",
  },
  {
    name: "replaced by a directory with data in it",
    old: "echo old >x",
    script: APPEND,
    theirs: "rm x; mkdir x; echo data >x/data",
    look: "cat x/*",
    expected: "data",
  },
  {
    name: "replaced by a symlink",
    old: "echo old >x; echo other >y",
    script: "[ -L x ] || echo ours >x",
    theirs: "ln -sfn y x",
    look: "readlink x; cat y",
    expected: "y other",
  },
  {
    name: "a directory, created where the ball creates one",
    old: ":",
    script: "mkdir -p x; echo ours >x/ours",
    theirs: "mkdir x; echo data >x/data",
    look: "cat x/*",
    expected: "data ours",
  },
  {
    name: "given new attributes while the ball does the same",
    old: "echo old >x",
    script: "chmod g+w x",
    theirs: "chown 7 x",
    look: "stat -c '%u %a' x",
    expected: "7 664",
  },
];

describeOnHost("what somebody else does to a file of the dance is not lost: it is", () => {
  for (const { name, old, script, theirs, look, expected } of RACES) {
    it(name, async () => {
      await using scene = (await newScene()).ball("b", `cd /srv/t; ${script}; ${GATE}`);
      const sh = (line: string) => scene.sh(`cd /srv/t && { ${line}; }`);
      scene.host.mkdir("/srv/t");
      await sh(old);
      await danceWhile(scene, () => sh(`${theirs} 2>/dev/null`)).ok()
        .says(/"\/srv\/t\/x[^"]*": another process has changed it .* \(2 of 3\)/);
      assertEquals((await sh(look)).trim().split(/\s+/).join(" "), expected);
    });
  }

  it("written into a directory that the ball deletes", async () => {
    await using scene = (await newScene()).ball("b", `rm -rf /srv/t/d; ${GATE}`);
    scene.live({ "/srv/t/d/sub/old": "old\n" });
    await danceWhile(scene, () => scene.live({ "/srv/t/d/sub/data": "data\n" })).ok()
      .leaves({ "/srv/t/d": null });
    // The second try has seen the file: whoever wants it back finds it in the generation.
    await scene.rollback().ok().leaves({ "/srv/t/d/sub/data": "data\n" });
  });

  it("gives up after three tries, and names the path", async () => {
    await using scene = (await newScene()).ball(
      "b",
      "echo ours >>/srv/t/x; echo y >/srv/t/y; sleep 0.2",
    );
    const { host } = scene;
    host.write("/srv/t/x", "");
    const dance = scene.danceInWords().says(/\(2 of 3\)[^]*\(3 of 3\)/)
      .fails('Cannot merge "/srv/t/x": another process has changed it');
    await scene.beside("echo theirs >>/srv/t/x", () => dance);
    assertEquals(host.read("/srv/t/x").replaceAll("theirs\n", ""), "");
    assert(!host.exists("/srv/t/y"), "a part was merged");
  });

  it("no matter what time the files say", async () => {
    await using scene = (await newScene()).ball(
      "b",
      "for n in past future; do echo ours >>/srv/t/$n; done",
    );
    const { host } = scene;
    host.write("/srv/t/past", "");
    host.write("/srv/t/future", "");
    await host.run(["touch", "-d", "1970-01-02", "/srv/t/past", "/srv/t"]);
    await host.run(["touch", "-d", "2099-01-01", "/srv/t/future"]);
    const before = host.tree();
    await scene.dance().changes("~ /srv/t/future", "~ /srv/t/past").ok();
    await scene.rollback().ok();
    assertEquals(compareTrees(before, host.tree()), []);
  });

  // No namespace has a clock of its own: instead of the clock, what it is compared with is changed.
  for (const [what, seconds, attempts] of [["back", 3600, 2], ["forward", -3600, 1]] as const) {
    it(`a clock that is set ${what} during the dance: ${attempts} attempts`, async () => {
      await using scene = (await newScene()).ball(
        "b",
        `echo ours >>/srv/t/x; echo attempt; ${GATE}`,
      );
      const { host } = scene;
      host.write("/srv/t/x", "");
      host.write("/srv/uptime", "100000.00 1.00\n");
      await host.run(["mount", "--bind", "/srv/uptime", "/proc/uptime"]);
      const { stdout } = await danceWhile(scene, () => {
        host.write("/srv/uptime", `${100000 + seconds}.00 1.00\n`);
      }).ok().leaves({ "/srv/t/x": "ours\n" });
      assertEquals(stdout.match(/: attempt$/gm)?.length, attempts, stdout);
    });
  }

  it("account tools at work", async () => {
    await using scene = (await newScene()).ball(
      "b",
      `grep -q ours /etc/passwd || useradd --no-create-home ours; ${GATE}`,
    );
    const { host } = scene;
    await danceWhile(scene, () => scene.sh("useradd --no-create-home theirs")).ok()
      .says("dancing again");
    await host.run(["id", "ours"]);
    await host.run(["id", "theirs"]);
  });
});

const TRAP = "cd /home/u; mv d away; ln -s /etc/victim d";

describeOnHost("a user who turns a directory of his home into a symlink", () => {
  const furnish = async (script: string) => {
    const scene = (await newScene()).ball("b", script);
    for (const name of ["x", "gone"]) {
      scene.live({ [`/home/u/d/${name}`]: "user's\n", [`/etc/victim/${name}`]: "root's\n" });
    }
    await scene.sh("chown -R 1000:1000 /home/u");
    return scene;
  };
  const trap = (scene: Scene) => scene.host.run([...AS_USER, "sh", "-c", TRAP]);
  const isOurs = "[ -L /home/u/d ] ||";

  it("(control) leads a rename by path astray", async () => {
    await using scene = await furnish("true");
    scene.live({ "/home/u/new": "root's business\n" });
    await trap(scene);
    await scene.program("mv", "/home/u/new", "/home/u/d/x").ok()
      .leaves({ "/etc/victim/x": "root's business\n" });
  });

  for (
    const [what, script] of [
      ["modifies", "echo ours >/home/u/d/x"],
      ["creates", "echo ours >/home/u/d/new"],
      ["deletes", "rm /home/u/d/gone"],
      ["chowns", "chown 0 /home/u/d/x"],
    ]
  ) {
    it(`does not lead a dance astray that ${what}`, async () => {
      await using scene = await furnish(`${isOurs} ${script}; ${GATE}`);
      const before = describeTree(scene.host, "/etc/victim");
      const { code, stdout, stderr } = await danceWhile(scene, () => trap(scene));
      assertEquals(describeTree(scene.host, "/etc/victim"), before);
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "dancing again");
    });
  }
});

/** Dance, and do something once a file of the generation is there and the call after it waits. */
async function danceAndDisturbLate(
  scene: Scene,
  { call, file }: { call: string; file: string },
  disturb: () => Promise<unknown>,
) {
  const { host } = scene;
  const inject = `--inject=${call}:delay_enter=500000:when=1+`;
  const strace = ["strace", "-f", "-qq", "-o", "/dev/null", "-e", `trace=${call}`, inject];
  const running = host.spawn([...strace, ...host.discoArgv("dance", ...FROM_GIVEN)]);
  const folder = "/var/disco/generations";
  const isThere = () =>
    host.exists(folder) &&
    namesIn(host, folder).some((id) => host.exists(`${folder}/${id}/${file}`));
  for (let i = 0; !isThere(); i++) {
    if (i > 20_000) throw new Error(`there never was a ${file}`);
    await new Promise((done) => setTimeout(done, 5));
  }
  await disturb();
  return await running.outcome;
}

/** Everything is checked and staged. */
const BEFORE_COMMIT = { call: "renameat", file: "journal.json.new" };
/** The first operation, which is that of `/srv/t/a`, has been checked once more. */
const BEFORE_RENAME = { call: "renameat2", file: "journal.json" };

describeOnHost("what somebody else does at the last moment is not lost:", () => {
  for (
    const [what, moment, theirs, look, expected] of [
      ["an edit", BEFORE_COMMIT, "echo theirs >>x", "cat x", "old theirs ours"],
      ["a deletion", BEFORE_COMMIT, "rm x", "cat x", "ours"],
      ["a directory", BEFORE_COMMIT, "rm x; mkdir x; echo data >x/data", "cat x/*", "data"],
      ["a creation", BEFORE_COMMIT, "echo theirs >y", "cat y", "theirs ours"],
      [
        "a link on the way",
        BEFORE_COMMIT,
        "mv d away; ln -s /etc/victim d",
        "ls /etc/victim; cat d/z away/z",
        "z v old",
      ],
      ["an edit, later", BEFORE_RENAME, "echo theirs >>a", "cat a", "old theirs ours"],
      ["a directory, later", BEFORE_RENAME, "rm a; mkdir a; echo data >a/data", "cat a/*", "data"],
    ] as const
  ) {
    it(what, async () => {
      await using scene = (await newScene()).ball(
        "b",
        "cd /srv/t; [ -d a ] || echo ours >>a; [ -d x ] || echo ours >>x; echo ours >>y; " +
          "[ -L d ] || echo ours >d/new",
      );
      for (const name of ["a", "x", "d/z"]) scene.live({ [`/srv/t/${name}`]: "old\n" });
      scene.live({ "/etc/victim/z": "v\n" });
      const sh = (line: string) => scene.sh(`cd /srv/t && { ${line}; }`);
      const { code, stdout, stderr } = await danceAndDisturbLate(scene, moment, () => sh(theirs));
      assertEquals(code, 0, stderr);
      assertStringIncludes(stdout, "(2 of 3)");
      assertEquals((await sh(look)).trim().split(/\s+/).join(" "), expected);
    });
  }
});

/** Hold a record lock as dpkg does, until killed. */
const HOLD =
  `use Fcntl; open(F, "+>>", $ARGV[0]) or die; my $l = pack("s s x4 q q i", F_WRLCK, 0, 0, 0, 0);
fcntl(F, F_SETLK, $l) or die; $| = 1; print "locked\\n"; sleep 60`;

describeOnHost("locks", () => {
  for (
    const [lock, path, owner] of [
      ["/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/status", "dpkg or apt"],
      ["/var/lib/dpkg/lock", "/var/lib/dpkg/info/x.list", "dpkg or apt"],
      ["/etc/.pwd.lock", "/etc/group", "useradd or its like"],
    ]
  ) {
    it(`of ${lock}: nothing is merged while somebody holds it`, async () => {
      // A line that is a group's, too: no check of the finished tree refuses it.
      await using scene = (await newScene()).ball(
        "b",
        `echo team:x:4711: >>${path}; echo >/srv/other`,
      );
      const { host } = scene;
      host.write(lock!, "", 0o640);
      const before = host.tree();
      const holder = host.spawn(["perl", "-e", HOLD, lock!]);
      await holder.printed(/locked/);
      // A lock file that is opened may be copied to the disk, as it was: the tree is the same.
      await scene.dance().fails(`Cannot merge "${path}": ${owner} is at work`);
      assertEquals(compareTrees(before, host.tree()), []);

      // The lock file stays, but nobody holds it.
      await holder.kill("SIGKILL");
      await holder.outcome;
      await scene.dance().ok().leaves({ "/srv/other": "\n" });
    });
  }

  it("of other programs do not matter where their files are left alone", async () => {
    await using scene = (await newScene()).ball("b", "echo >/srv/other");
    const { host } = scene;
    const holder = host.spawn(["perl", "-e", HOLD, "/var/lib/dpkg/lock-frontend"]);
    await holder.printed(/locked/);
    await scene.dance().ok();
    await holder.kill("SIGKILL");
    await holder.outcome;
  });

  it("of DISCO: one dance, rollback or recovery at a time", async () => {
    await using scene = (await newScene()).ball("b", "echo >/srv/first");
    await scene.dance().ok();
    scene.ball("b", `echo >/srv/second; ${GATE}`);
    await danceWhile(scene, async () => {
      await scene.danceInWords().exits(4);
      await scene.danceInWords("--noop").exits(4);
      await scene.rollback().exits(4);
      await scene.disco("recover").exits(4);
    }).ok().leaves({ "/srv/first": "\n", "/srv/second": "\n" });
  });

  it("of DISCO, left by a process that is gone, do not matter", async () => {
    await using scene = (await newScene()).ball("b", "echo >/srv/first");
    const { host } = scene;
    host.write("/run/disco/lock", "4711\n", 0o600);
    await scene.dance().ok();
  });
});
