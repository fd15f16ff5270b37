/** The standard balls, as nodes use them. */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { fromFileUrl } from "@std/path";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { GIVEN } from "../host/scene.ts";
import { BUSYBOX } from "./busybox.ts";

const EMBEDDED = fromFileUrl(new URL("../../universe", import.meta.url));

/** A host whose node has one of the standard balls, and these parameters. */
async function sceneWith(
  ball: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Scene> {
  const scene = await newScene();
  await scene.sh(`cp -r ${EMBEDDED} ${GIVEN}`);
  return scene.parameters({ [`modules/${ball}`]: "", ...parameters });
}

/** Programs of the host, each a shell script. */
function programs(scene: Scene, texts: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(texts)) scene.host.write(path, text, 0o755);
}

describeOnHost("the ball hello", () => {
  const folder = "/etc/disco-hello";

  it("greets the node, and has nothing to do after that", async () => {
    await using scene = await sceneWith("hello");
    await scene.check("hello").ok();
    await scene.dance().ok();
    const { host } = scene;
    assertStringIncludes(host.read(`${folder}/facts.txt`), "Hello, n!");
    assertStringIncludes(host.read(`${folder}/node.conf`), "greeting = Hello\n");
    assertStringIncludes(host.read(`${folder}/settings.conf`), "\ngreeting = Hello\n");
  });

  it("leaves the lines alone that a person wrote", async () => {
    await using scene = await sceneWith("hello", { "hello/greeting": "G'day & \\1 / $HOME" });
    scene.live({ [`${folder}/settings.conf`]: "mine\ngreeting = old\ntoo\n" });
    await scene.dance().ok()
      .leaves({ [`${folder}/settings.conf`]: "mine\ntoo\ngreeting = G'day & \\1 / $HOME\n" });
  });
});

describeOnHost("the balls users and groups", () => {
  const hash =
    "$6$saltsalt$QmrrW2lCNMSIXNnpqPgJZqCrkYiqwmFSbjDHDqgaW2Tv9hP9r3ufRZ8zTuTFtHdMoYtvcZ3MVbG";
  const keys = "ssh-ed25519 AAAA alice\nssh-ed25519 BBBB alice";
  const accounts = {
    "groups/present/crew": "",
    "groups/present/staff-of-us": "-g 2600",
    "users/present/alice": "-m -u 2601 -s /bin/bash -G crew,staff-of-us -c 'Alice Example'",
    "users/present/games": "-s /bin/sh",
    "users/present/web-of-us": "--system --home-dir=/srv/web -Ms/usr/sbin/nologin",
    "users/absent/homeless": "-r",
    "users/absent/never-there": "",
    "users/secret/password/alice": hash,
    "users/keys/alice": keys,
  };
  const gone = { "groups/absent/olds": "", "users/absent/old": "-r" };

  it("make accounts what the parameters say", async () => {
    await using scene = await sceneWith("users", { ...accounts, ...gone });
    const { host } = scene;
    await scene.sh("groupadd -g 2699 olds && useradd -m -g olds old && useradd -M homeless");
    const { result } = await scene.dance().ok();
    assertEquals(result.balls.map(({ name }) => name), ["packages", "entities", "groups", "users"]);
    const passwd = host.read("/etc/passwd");
    assertMatch(passwd, /^alice:x:2601:\d+:Alice Example:\/home\/alice:\/bin\/bash$/m);
    assertMatch(passwd, /^games:x:5:60:games:\/usr\/games:\/bin\/sh$/m);
    assertMatch(passwd, /^web-of-us:x:\d{3}:\d+::\/srv\/web:\/usr\/sbin\/nologin$/m);
    const group = host.read("/etc/group");
    assert(!/^(old|homeless):/m.test(passwd) && !/^olds:/m.test(group));
    assertMatch(group, /^staff-of-us:x:2600:alice$/m);
    assertMatch(group, /^crew:x:\d+:alice$/m);
    assertStringIncludes(host.read("/etc/shadow"), `alice:${hash}:`);
    const file = "/home/alice/.ssh/authorized_keys";
    assertEquals(host.read(file), `${keys}\n`);
    assertEquals(await scene.sh(`stat -c %a:%U:%G ${file}`), "600:alice:alice\n");
    await scene.dance().changes().effects().ok();
  });

  it("do without useradd and its family, on busybox", async () => {
    await using scene = await sceneWith("users", accounts);
    const { host } = scene;
    await scene.sh("rm -f /usr/sbin/{user,group}{add,mod,del} /usr/sbin/{add,del}{user,group}");
    programs(scene, BUSYBOX);
    await scene.dance().ok();
    const passwd = host.read("/etc/passwd");
    assertMatch(passwd, /^alice:x:2601:2601:Alice Example:\/home\/alice:\/bin\/bash$/m);
    assertMatch(passwd, /^games:x:5:60:games:\/usr\/games:\/bin\/sh$/m);
    assertMatch(host.read("/etc/group"), /^crew:x:\d+:alice$/m);
    assertStringIncludes(host.read("/etc/shadow"), `alice:${hash}:`);
    await scene.dance().changes().effects().ok();
  });

  const refused: readonly [
    why: string,
    parameters: Record<string, string>,
    message: string,
    prepare?: string,
  ][] = [
    [
      "both present and absent",
      { "users/present/bob": "", "users/absent/bob": "" },
      "Cannot have both users/present/bob",
    ],
    ["an unknown option", { "users/present/bob": "--root /" }, 'Cannot use the option "--root"'],
    ["a strange name", { "groups/present/a,b": "" }, 'Cannot use "a,b" as the name'],
    [
      "keys where .ssh is a link",
      { "users/present/bob": "-m", "users/keys/bob": "key" },
      ".ssh is not a folder",
      "useradd -m bob && ln -s /etc /home/bob/.ssh",
    ],
  ];
  for (const [why, parameters, message, prepare = ""] of refused) {
    it(`refuse ${why}`, async () => {
      await using scene = await sceneWith("users", parameters);
      await scene.sh(prepare);
      await scene.danceInWords().says(message).exits(1).untouched();
    });
  }
});

describeOnHost("the ball packages", () => {
  /** A dpkg that knows these as installed, and an apt that must not be run. */
  const debian = (scene: Scene, installed: string) => {
    scene.live({ "/etc/os-release": "ID=debian\n" });
    programs(scene, {
      "/usr/bin/dpkg-query": `#!/bin/sh\nfor name do :; done\ncase " ${installed} " in
  *" $name "*) echo installed ;; *) exit 1 ;; esac\n`,
      "/usr/bin/apt-get": `#!/bin/sh\necho "not simulated: $*" >&2; exit 1\n`,
    });
  };

  it("runs nothing when all is as it should be", async () => {
    await using scene = await sceneWith("packages", {
      "packages/install/nginx": "",
      "packages/remove/apache2": "",
    });
    debian(scene, "nginx");
    await scene.dance().changes().effects().ok();
  });

  it("names what it would install and remove, without a network in a dry run", async () => {
    await using scene = await sceneWith("packages", {
      "packages/install/g++": "",
      "packages/install/nginx": "",
      "packages/remove/apache2": "",
      "packages/commands/debian/install": "apt-get install -y",
    });
    debian(scene, "apache2");
    await scene.dryRun().changes().ok().effects(
      "apt-get remove --yes --quiet apache2",
      "apt-get update --quiet",
      "apt-get install -y g++ nginx",
    );
    // The control: a live run tries, and fails with what apt says.
    await scene.danceInWords().exits(1).says("not simulated: remove --yes --quiet apache2");
  });

  const others: readonly [os: string, tool: string, command: string][] = [
    ["ID=rocky\nID_LIKE='rhel centos fedora'", "rpm", "dnf install --assumeyes --quiet nginx"],
    ["ID=alpine", "apk", "apk add --no-progress --no-cache nginx"],
  ];
  for (const [os, tool, command] of others) {
    it(`says "${command}" where it fits`, async () => {
      await using scene = await sceneWith("packages", { "packages/install/nginx": "" });
      scene.live({ "/etc/os-release": `${os}\n` });
      programs(scene, { [`/usr/bin/${tool}`]: "#!/bin/sh\nexit 1\n" });
      await scene.dryRun().effects(command).ok();
    });
  }

  it("refuses a name that means something else to apt", async () => {
    await using scene = await sceneWith("packages", { "packages/install/nginx-": "" });
    debian(scene, "");
    await scene.danceInWords().exits(1).says('Cannot use "nginx-" as the name of a package');
  });
});

describeOnHost("the ball services", () => {
  const UNIT = "[Service]\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n";
  const WANTS = "/etc/systemd/system/multi-user.target.wants";

  it("starts what it enables, stops what it disables, and restarts what has changed", async () => {
    await using scene = await sceneWith("services", {
      "services/enable/demo": "",
      "services/enable/running": "",
      "services/disable/old": "",
      "services/disable/never-there": "",
      "services/restart/demo": "/etc/demo.conf /etc/demo.d\n/etc/not-there",
      "services/reload/running": "/etc/running.conf",
    });
    for (const name of ["demo", "running", "old"]) {
      scene.live({ [`/etc/systemd/system/${name}.service`]: UNIT });
    }
    scene.live({ "/etc/demo.conf": "", "/etc/demo.d/x": "", "/etc/running.conf": "" });
    await scene.sh(`mkdir -p ${WANTS}; ln -sf /etc/systemd/system/{running,old}.service ${WANTS}`);
    await scene.dryRun().ok().effects("systemctl start demo", "systemctl stop old")
      .changes(
        `+ ${WANTS}/demo.service`,
        `- ${WANTS}/old.service`,
        "+ /usr/local/lib/disco",
        "+ /usr/local/lib/disco/entities.sh",
      );
    scene.ball("changes", "echo x >>/etc/running.conf; echo x >>/etc/demo.d/x");
    await scene.dryRun().ok().effects(
      "systemctl start demo",
      "systemctl stop old",
      "systemctl restart demo",
      "systemctl reload running",
    );
    const { result } = await scene.check("services");
    assertEquals([result.predictable, result.idempotent], [true, true]);
  });
});
