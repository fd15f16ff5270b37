import { assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene } from "../host/mod.ts";
import { calls, stub } from "./support.ts";
import { FROM_GIVEN } from "../host/scene.ts";

const FOLDER = "/run/disco/effects";
/** A record as the shims write it, by a script that says to be another. */
const FORGED =
  `export DISCO_BALL=b DISCO_SCRIPT=scripts/10-b; printf '%s\\0' / 2 ask forged DISCO_BALL=b end >${FOLDER}/1.effect`;

/** What a script can leave in the folder of records, and why its ball fails for it. */
const HOSTILE: readonly [what: string, script: string, why: string][] = [
  ["too many", `cd ${FOLDER}; seq -f %.0f.effect 1001 | xargs touch`, "more than 1000 effects"],
  [
    "a hundred thousand files",
    `seq 100000 | (cd ${FOLDER}; xargs touch)`,
    "more than 1000 effects",
  ],
  ["a link", `ln -s /etc/passwd ${FOLDER}/1.effect`, "not a file of at most"],
  ["a pipe", `mkfifo ${FOLDER}/1.effect`, "not a file of at most"],
  ["a directory", `mkdir -p ${FOLDER}/1.effect/x`, "not a file of at most"],
  [
    "a long word",
    `disco-effect ask $(head -c 100000 /dev/zero | tr '\\0' x)\n`.repeat(2) +
    `head -c 5000000 /dev/zero >${FOLDER}/9.effect`,
    "not a file of at most",
  ],
  ["a sparse file", `truncate -s 100T ${FOLDER}/1.effect`, "not a file of at most"],
  [
    "much in all",
    `for i in $(seq 12); do ask $i $(head -c 100000 /dev/zero | tr '\\0' x); done`,
    "longer than 1048576 bytes",
  ],
  ["no NUL", `printf '/\\0001\\0ask\\0end' >${FOLDER}/1.effect`, "was not finished"],
  ["no end", `printf '/\\0001\\0ask\\0' >${FOLDER}/1.effect`, "was not finished"],
  ["nothing", `: >${FOLDER}/1.effect`, "was not finished"],
  ["no command", `printf '/\\0000\\0end\\0' >${FOLDER}/1.effect`, "was not finished"],
  ["fewer words", `printf '/\\0002\\0ask\\0end\\0' >${FOLDER}/1.effect`, "was not finished"],
  ["a huge count", `printf '/\\09999999999\\0ask\\0end\\0' >${FOLDER}/1.effect`, "not finished"],
  ["an empty command", `printf '/\\0001\\0\\0end\\0' >${FOLDER}/1.effect`, "its command is empty"],
  ["an input of nobody", `: >${FOLDER}/1.input`, "was not finished"],
  [
    "an input that is a link",
    `ask; ln -s /etc/passwd ${FOLDER}/1000001.input`,
    "standard input of",
  ],
  ["much input", `for i in 1 2 3 4 5; do head -c 1000000 /dev/zero | ask; done`, "read more than"],
  ["variables that are not UTF-8", `X=$'\\xff' ask`, "is not UTF-8"],
  ["a half", `printf x >${FOLDER}/1.abcdefgh`, "was not finished"],
  ["bytes that no program would get", `ask $'\\xff'`, "is not UTF-8"],
  [
    "a folder on a way back",
    `printf '/srv/../etc\\0001\\0ask\\0end\\0' >${FOLDER}/1.effect`,
    "absolute",
  ],
  ["no folder", `printf 'etc\\0001\\0ask\\0end\\0' >${FOLDER}/1.effect`, "absolute"],
  ["a name of many lines", `: >"${FOLDER}/1\ninfo: all is well.effect"`, "1\\ninfo: all"],
];

/** A record and what it reads, written by hand as another account. */
const BY_OTHERS: readonly [what: string, script: string, why: string][] = [
  ...[
    "runuser -u nobody --",
    "setpriv --reuid nobody --clear-groups --",
    "su -s /bin/sh nobody -c",
  ].map((
    take,
  ): [string, string, string] => [
    take,
    `${take} ${
      take.endsWith("-c") ? "" : "sh -c "
    }'printf "%s\\0" / 2 ask me end >${FOLDER}/1.effect'`,
    'an effect was asked for by account "nobody" (uid 65534)',
  ]),
  [
    "an account without a name",
    `setpriv --reuid 4242 --clear-groups sh -c 'printf "%s\\0" / 2 ask me end >${FOLDER}/1.effect'`,
    "an effect was asked for by uid 4242",
  ],
  [
    "what an effect of root's reads",
    `setpriv --reuid 4242 --clear-groups sh -c 'echo x >${FOLDER}/1000001.input'; ask`,
    "an effect was asked for by uid 4242",
  ],
  [
    "a record that others may write to",
    `ask; chmod 666 ${FOLDER}/*.effect`,
    "other accounts may write to it",
  ],
  ["a second name", `ask; cd ${FOLDER}; ln *.effect 2.effect`, "it has a second name"],
];

const POLICY = "ask effect\n";

describeOnHost("what scripts ask for", () => {
  it("is of the ball and the script that asked, whatever the record says", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/ask");
    scene.balls({
      a: { "files/etc/a": "a\n", "scripts/10-a": FORGED },
      b: { "files/etc/b": "b\n" },
    });
    const { result } = await scene.dryRun();
    assertEquals(result.effects.map(({ ball, script }) => [ball, script]), [["a", "scripts/10-a"]]);
    await scene.dance("--only", "b").ok().leaves({ "/etc/b": "b\n" });
    assertEquals(calls(host), [], "it acted under another's name");
    // The control: with its own ball it is carried out.
    await scene.dance().ok();
    assertEquals(calls(host), ["ask forged"]);
  });

  it("is dropped with the ball that failed, whatever the next ball has", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/ask");
    scene.balls({
      a: { "scripts/10-a": "disco-effect ask failed; echo $?", "scripts/20-a": "exit 1" },
      b: { "files/etc/b": "b\n" },
      c: { "scripts/10-c": "disco-effect ask well" },
    });
    const { result } = await scene.dance("--keep-going").fails().leaves({ "/etc/b": "b\n" });
    assertEquals(calls(host), ["ask well"]);
    assertEquals(result.effects.map(({ ball }) => ball), ["c"]);
  });

  it("is dropped with the ball that failed, stage by stage", async () => {
    await using scene = await newScene();
    const { host } = scene;
    stub(host, "/usr/local/bin/ask");
    scene.balls({
      a: { "scripts/10-a": "disco-effect ask failed", "scripts/20-a": "exit 1" },
      b: { "files/etc/b": "b\n" },
    });
    const stages: [code: number, ...words: string[]][] = [
      [0, "fetch"],
      [0, "fs-mount"],
      [0, "fs-chroot"],
      [0, "exec-render", "a"],
      [1, "exec-run", "a"],
      [0, "exec-render", "b"],
      [0, "exec-run", "b"],
      [1, "fs-merge", "--keep-going"],
    ];
    for (const [code, ...words] of stages) {
      await scene.disco(...words, ...FROM_GIVEN).exits(code);
    }
    assertEquals([host.exists("/etc/b"), calls(host)], [true, []]);
  });

  it("is not what a template left", async () => {
    await using scene = await newScene();
    const template = `cat /run/disco/ball/record | tee ${FOLDER}/1.effect >/dev/null\necho done\n`;
    await scene.ball("a", {
      "record": "/\x001\0ask\0end\0",
      "templates/etc/x": template,
      "scripts/10-a": ":",
    }).dryRun().effects();
  });

  it("is root's, and no other account can ask, or undo what root asked for", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.live({ "/etc/disco/restricted.d/own.conf": POLICY });
    stub(host, "/usr/local/bin/ask");
    const as = "setpriv --reuid 4242 --clear-groups --";
    const script = [
      "umask 000",
      "ask root",
      `${as} disco-effect ask other; [ $? = 126 ] || exit 9`,
      `${as} ask other`,
      `${as} sysctl -n kernel.ostype && exit 9`,
      `${as} rm -f ${FOLDER}/*.effect && exit 9`,
      `${as} mv ${FOLDER}/1000001.effect ${FOLDER}/2.denied && exit 9`,
      `${as} sh -c 'echo x >>${FOLDER}/1000001.effect' && exit 9`,
      "true",
    ].join("\n");
    const { result } = await scene.ball("a", script).dance().warns(
      "only root may ask, and uid 4242 did",
    ).ok();
    assertEquals(calls(host), ["ask root"]);
    const denied = result.notSimulated.filter(({ kind }) => kind === "denied");
    assertEquals(denied.map(({ what }) => what), [
      "ask other: an effect was asked for by an account that is not root (uid 4242)",
      "ask other: an effect was asked for by an account that is not root (uid 4242)",
    ]);
  });

  it("fails the ball, and nothing else, where it cannot be believed", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.live({ "/etc/disco/restricted.d/own.conf": POLICY });
    stub(host, "/usr/local/bin/ask");
    for (const [, script, why] of [...HOSTILE, ...BY_OTHERS]) {
      scene.balls({
        a: { "files/etc/a": "a\n", "scripts/10-a": script },
        b: { "files/etc/b": "b\n" },
      });
      await scene.dance("--keep-going")
        .fails('error: Cannot apply ball "a": effects of scripts/10-a: ', why)
        .omits(/^\s+at /m).balls({ a: "failed", b: "ok" })
        .leaves({ "/etc/a": null, "/etc/b": "b\n" }).leavesNothing();
      assertEquals(calls(host), [], script);
      scene.live({ "/etc/b": null });
    }
  });

  it("runs in its folder, and not elsewhere if that is not there", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.mkdir("/srv/there");
    const script = [
      "cd /srv/there; disco-effect touch ./one",
      "cd /tmp; disco-effect touch ./two",
    ].join("\n");
    const { result } = await scene.ball("a", script).dance();
    assertEquals(result.effects.map(({ status }) => status), ["done", "done"]);
    assertEquals(["/srv/there/one", "/two"].map((path) => host.exists(path)), [true, false]);
    // A folder that the ball takes away again is refused before anything is merged.
    const gone = "mkdir /srv/gone; cd /srv/gone; disco-effect touch ./three; rmdir /srv/gone";
    await scene.ball("a", gone).dance().fails("/srv/gone").mergesNothing().leaves({
      "/three": null,
    });
  });
});
