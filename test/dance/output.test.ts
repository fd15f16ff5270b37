import { assert, assertEquals, assertMatch } from "@std/assert";
import { it } from "@std/testing/bdd";
import { commandLine } from "../../lib/effects/mod.ts";
import type { Act } from "../host/act.ts";
import {
  compareTrees,
  describeOnHost,
  newScene,
  type Scene,
  type ThrowawayHost,
} from "../host/mod.ts";
import { FROM_GIVEN } from "../host/scene.ts";

/** Answers one question after the other, each once it is on the screen. */
const TYPIST = `
: >/run/screen
{
  n=0
  for answer; do
    n=$((n + 1))
    until [ "$(grep -o 'Merge this\\|Merge changes of' /run/screen | wc -l)" -ge "$n" ]; do sleep 0.05; done
    printf '%s\\r' "$answer"
  done
  while [ -e /run/screen ]; do sleep 0.1; done
} | { script -qfec "$0" /run/screen; code=$?; rm /run/screen; exit "$code"; }`;

/** Presses keys one after the other, and again until they show, at a question that reads no lines. */
const KEYS = `
: >/run/screen
seen() { [ ! -e /run/screen ] || [ "$(wc -c </run/screen)" -gt "$1" ]; }
{
  until grep -q "$QUESTION" /run/screen; do sleep 0.05; done
  for key; do
    size=$(wc -c </run/screen)
    until seen "$size"; do
      printf "$key"
      for i in $(seq 20); do seen "$size" || sleep 0.1; done
    done
  done
  while [ -e /run/screen ]; do sleep 0.1; done
} | { script -qfec "$0" /run/screen; code=$?; rm /run/screen; exit "$code"; }`;

/** A dance on a terminal of 80 columns; what its screen gets, byte by byte, is standard output. */
function onTerminal(scene: Scene, answers: readonly string[], ...options: string[]): Act {
  const command = terminalCommand(scene.host, [...FROM_GIVEN, ...options]);
  return scene.program("sh", "-c", TYPIST, command, ...answers);
}

function terminalCommand(host: ThrowawayHost, options: readonly string[]): string {
  const disco = commandLine(host.discoArgv("dance", ...options));
  return `stty columns 80 rows 24 -echo; PAGER=cat exec ${disco}`;
}

describeOnHost("a dance on a terminal", () => {
  it("shows which script runs, and leaves nothing of that; a pipe gets none", async () => {
    await using scene = await newScene();
    const name = "long".repeat(30);
    const script =
      `printf 'load 10%%\\rload 100%%\\r\\n'; printf '\\033[31mred\\033[0m\\n'; echo x >/etc/x`;
    scene.ball("a", { [`scripts/${name}`]: script });
    const { stdout: screen } = await onTerminal(scene, [], "--noop").says(
      "\r\x1b[Kball a (1 of 1): scripts/longlong",
      "\r\x1b[Kfetching the universe",
    ).ok();
    // deno-lint-ignore no-control-regex
    const lines = screen.matchAll(/\r\x1b\[K(ball a \(1 of 1\): scripts[^\r\n]*)/g);
    assertEquals(Math.max(...[...lines].map(([, line]) => line!.length)) < 80, true);
    const piped = await scene.danceInWords("--noop")
      .says(/^report: dry run: 1 change \(1 created\)$/m).omits("\x1b");
    for (const text of [screen, piped.stdout]) {
      assertMatch(text, /info: a\/\S+: load 100%\r?\n/);
      assertMatch(text, /info: a\/\S+: red\r?\n/);
      assertEquals(text.includes("load 10%\\r"), false);
    }
  });

  it("shows a bar for the fetch and for the merge, on one line, and none with --quiet", async () => {
    await using scene = await newScene();
    const files = (text: string) =>
      Object.fromEntries(
        Array.from({ length: 3000 }, (_, i) => [`files/srv/many/${i}`, `${text} ${i}\n`]),
      );
    await onTerminal(scene.ball("a", files("first")), [], "--quiet", "--diff", "none")
      .omits("\x1b[K").ok();
    const { stdout: screen } = await onTerminal(
      scene.ball("a", files("second")),
      [],
      ...["--diff", "none"],
    ).ok();
    // deno-lint-ignore no-control-regex
    const drawn = [...screen.matchAll(/\r\x1b\[K([^\r\n]*)/g)].map(([, line]) => line!);
    const bars = (what: RegExp) => drawn.filter((line) => what.test(line));
    const fetch =
      /^fetching the universe, at once \[#*-*\] \d+ of 30\d\d, \d\.\d MiB( \(\d+ s\))?$/;
    assert(bars(fetch).length > 0, drawn.join("\n"));
    for (const step of ["copying", "moving into place"]) {
      const merge = new RegExp(`^merging 3000 changes: ${step} \\[#*-*\\] \\d+ of 3000`);
      assert(bars(merge).length > 0, drawn.join("\n"));
    }
    assertEquals(drawn.filter((line) => line.length >= 80), []);
  });

  it("asks for each change, for the rest of a ball, for all, or ends", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const files = (ball: string) => ({
      [`files/etc/${ball}1`]: "1\n",
      [`files/etc/${ball}2`]: "2\n",
    });
    const answers: readonly [given: string[], merged: string[]][] = [
      [["q"], []],
      [["none"], []],
      [["huh", "n", "y", "o"], ["a2"]],
      [["b", "n", "n"], ["a1"]],
      [["a"], ["b1", "b2"]],
    ];
    scene.balls({ a: files("a"), b: files("b") });
    const there = () => ["a1", "a2", "b1", "b2"].filter((name) => host.exists(`/etc/${name}`));
    const known = new Set<string>();
    for (const [given, merged] of answers) {
      const dance = onTerminal(scene, given, "--review");
      if (given[0] === "q") {
        dance.says("Merge this? (1 of 4)", "The review was ended; nothing was merged").exits(1);
      }
      const { stdout } = await dance;
      merged.forEach((name) => known.add(name));
      assertEquals(there(), [...known].sort(), given.join() + stdout);
    }
  });
});

describeOnHost("what a failed command printed", () => {
  it("is kept with the result, its end at most, and shown by --quiet and later", async () => {
    await using scene = await newScene();
    const script =
      "for i in $(seq 12000); do echo line $i; done; echo 'E: no such package' >&2; exit 100";
    const { result } = await scene.ball("a", script).dance().fails();
    const { output = [] } = result.balls[0]!;
    assertEquals([output.length, output.at(-1)], [41, "E: no such package"]);
    assertMatch(output[0]!, /^\(\d+ more lines before\)$/);
    await scene.danceInWords("--noop", "--quiet")
      .warns(/^error: {3}E: no such package\nerror: Cannot apply ball "a": .*100$/m);
    const aloud = await scene.danceInWords("--noop");
    assertEquals((aloud.stdout + aloud.stderr).match(/E: no such package/g)?.length, 1);
    for (const options of [[], ["--format", "html"]]) {
      await scene.disco("report", ...options).says(/(\| |<span>)E: no such package/);
    }
  });

  it("is kept of effects and checks, too", async () => {
    await using scene = await newScene();
    const script = "echo x >/etc/x; disco-effect sh -c 'echo effect said; exit 3'";
    const effect = await scene.ball("a", script).dance();
    assertEquals(effect.result.effects[0]!.output, ["effect said"]);
    const checks = "/etc/y sh -c 'echo check said; exit 4'\n";
    const check = await scene.ball("a", { "files/etc/y": "y\n", checks }).dance();
    assertEquals(check.result.checks![0]!.output, ["check said"]);
    // What went well has printed for who saw it.
    const well = await scene.ball("a", "echo well; disco-effect echo well").dance();
    assertEquals(JSON.stringify(well.result).includes('"output"'), false);
  });
});

describeOnHost("a dance without any server", () => {
  it("asks on a terminal whether to merge the demonstration, and does so only then", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const before = host.tree();
    const QUESTION = "No server is configured. Merge the demonstration that ships with DISCO?";
    const answer = (...keys: string[]) =>
      scene.program(
        "env",
        `QUESTION=${QUESTION}`,
        "sh",
        "-c",
        KEYS,
        terminalCommand(host, []),
        ...keys,
      );
    for (const keys of [["n", "\\r"], ["\\r"]]) {
      await answer(...keys).says(
        QUESTION,
        "Cannot dance: no server is configured",
        "give --server URI or set disco/server/uri",
      ).exits(3).untouched();
    }
    await answer("\\003").says(QUESTION).exits(130).untouched();
    // The control: of a dry run nobody is asked.
    await scene.program("script", "-qec", terminalCommand(host, ["--noop"]), "/dev/null")
      .omits(QUESTION).ok();
    await answer("y", "\\r").says("merged: ").ok();
    assert(compareTrees(before, host.tree()).length > 0);
  });
});

describeOnHost("critical paths, where the setting says ask", () => {
  it("are asked about at a terminal", async () => {
    await using scene = await newScene();
    scene.settings({ guard: "ask\n" }).ball("a", { "files/etc/sudoers.d/a": "# nothing\n" });
    await onTerminal(scene, ["n"]).says(
      /Merge changes of \d critical paths?: .*\/etc\/sudoers.d\/a\?/,
      "were not confirmed",
    ).exits(1).leaves({ "/etc/sudoers.d/a": null });
    await onTerminal(scene, ["y"]).ok().leaves({ "/etc/sudoers.d/a": "# nothing\n" });
  });
});

describeOnHost("orphans", () => {
  it("are a line a ball, once, and then in disco status", async () => {
    await using scene = await newScene();
    const files = Array.from({ length: 30 }, (_, i) => [`files/srv/old/${i}`, "x\n"]);
    await scene.balls({ a: Object.fromEntries(files), b: { "files/etc/b": "b\n" } })
      .danceInWords().ok();
    const line = "orphans: 30 paths were delivered by ball a, and are not any more; they stay: " +
      "/srv/old/0, /srv/old/1, /srv/old/10, and 27 more (see ";
    const first = await scene.balls({ b: { "files/etc/b": "b\n" } }).danceInWords();
    assertEquals(first.stderr, `warning: ${line}disco status)\n`);
    assertEquals((await scene.danceInWords()).stderr, "");
    await scene.disco("status")
      .says(`\n${line}--verbose)\n`, /^last dance: \S+, \S+, \S+ s: success: nothing to change$/m)
      .ok();
    const all = await scene.disco("status", "--verbose");
    assertEquals(all.stdout.match(/^orphan: \/srv\/old\/\d+ \[a\]$/gm)?.length, 30);
    // Another one is told, with the others.
    await scene.balls({ c: {} }).danceInWords()
      .warns(/^warning: orphan: \/etc\/b was delivered by ball b, .*\n$/);
  });
});
