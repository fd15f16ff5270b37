import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { it } from "@std/testing/bdd";
import { commandLine } from "../../lib/effects/mod.ts";
import { compareTrees, describeOnHost, newScene, type ThrowawayHost } from "../host/mod.ts";
import { assertUnchanged, stateOf } from "../host/unchanged.ts";
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

/** A dance on a terminal of 80 columns, and what its screen got, byte by byte. */
async function onTerminal(host: ThrowawayHost, answers: readonly string[], ...options: string[]) {
  const command = terminalCommand(host, [...FROM_GIVEN, ...options]);
  return await host.exec(["sh", "-c", TYPIST, command, ...answers]);
}

function terminalCommand(host: ThrowawayHost, options: readonly string[]): string {
  const disco = commandLine(host.discoArgv("dance", ...options));
  return `stty columns 80 rows 24 -echo; PAGER=cat exec ${disco}`;
}

describeOnHost("a dance on a terminal", () => {
  it("shows which script runs, and leaves nothing of that; a pipe gets none", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const name = "long".repeat(30);
    const script =
      `printf 'load 10%%\\rload 100%%\\r\\n'; printf '\\033[31mred\\033[0m\\n'; echo x >/etc/x`;
    scene.balls({ a: { [`scripts/${name}`]: script } });
    const { stdout: screen, code } = await onTerminal(host, [], "--noop");
    assertEquals(code, 0, screen);
    assertStringIncludes(screen, "\r\x1b[Kball a (1 of 1): scripts/longlong");
    assertStringIncludes(screen, "\r\x1b[Kfetching the universe");
    // deno-lint-ignore no-control-regex
    const lines = screen.matchAll(/\r\x1b\[K(ball a \(1 of 1\): scripts[^\r\n]*)/g);
    assertEquals(Math.max(...[...lines].map(([, line]) => line!.length)) < 80, true);
    const piped = await scene.danceInWords("--noop");
    assertEquals((piped.stdout + piped.stderr).includes("\x1b"), false);
    for (const text of [screen, piped.stdout]) {
      assertMatch(text, /info: a\/\S+: load 100%\r?\n/);
      assertMatch(text, /info: a\/\S+: red\r?\n/);
      assertEquals(text.includes("load 10%\\r"), false);
    }
    assertMatch(piped.stdout, /^report: dry run: 1 change \(1 created\)$/m);
  });

  it("shows a bar for the fetch and for the merge, on one line, and none with --quiet", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const files = (text: string) =>
      Object.fromEntries(
        Array.from({ length: 3000 }, (_, i) => [`files/srv/many/${i}`, `${text} ${i}\n`]),
      );
    scene.balls({ a: files("first") });
    const quiet = await onTerminal(host, [], "--quiet", "--diff", "none");
    assertEquals([quiet.code, quiet.stdout.includes("\x1b[K")], [0, false], quiet.stdout);
    scene.balls({ a: files("second") });
    const { stdout: screen, code } = await onTerminal(host, [], "--diff", "none");
    assertEquals(code, 0, screen);
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
      const { stdout, code } = await onTerminal(host, given, "--review");
      merged.forEach((name) => known.add(name));
      assertEquals(there(), [...known].sort(), given.join() + stdout);
      if (given[0] === "q") {
        assertStringIncludes(stdout, "Merge this? (1 of 4)");
        assertStringIncludes(stdout, "The review was ended; nothing was merged");
        assertEquals(code, 1);
      }
    }
  });
});

describeOnHost("what a failed command printed", () => {
  it("is kept with the result, its end at most, and shown by --quiet and later", async () => {
    await using scene = await newScene();
    const script =
      "for i in $(seq 12000); do echo line $i; done; echo 'E: no such package' >&2; exit 100";
    const { result, code } = await scene.ball("a", { "scripts/10": script }).dance();
    const { output = [] } = result.balls[0]!;
    assertEquals([code, output.length, output.at(-1)], [1, 41, "E: no such package"]);
    assertMatch(output[0]!, /^\(\d+ more lines before\)$/);
    const quiet = await scene.danceInWords("--noop", "--quiet");
    assertMatch(
      quiet.stderr,
      /^error: {3}E: no such package\nerror: Cannot apply ball "a": .*100$/m,
    );
    const aloud = await scene.danceInWords("--noop");
    assertEquals((aloud.stdout + aloud.stderr).match(/E: no such package/g)?.length, 1);
    for (const words of [["report"], ["report", "--format", "html"]]) {
      assertMatch((await scene.disco(...words)).stdout, /(\| |<span>)E: no such package/);
    }
  });

  it("is kept of effects and checks, too", async () => {
    await using scene = await newScene();
    const effect = await scene.ball("a", {
      "scripts/10": "echo x >/etc/x; disco-effect sh -c 'echo effect said; exit 3'",
    }).dance();
    assertEquals(effect.result.effects[0]!.output, ["effect said"]);
    const check = await scene.ball("a", {
      "files/etc/y": "y\n",
      checks: "/etc/y sh -c 'echo check said; exit 4'\n",
    }).dance();
    assertEquals(check.result.checks![0]!.output, ["check said"]);
    // What went well has printed for who saw it.
    const well = await scene.ball("a", { "scripts/10": "echo well; disco-effect echo well" })
      .dance();
    assertEquals(JSON.stringify(well.result).includes('"output"'), false);
  });
});

describeOnHost("a dance without any server", () => {
  it("asks on a terminal whether to merge the demonstration, and does so only then", async () => {
    await using scene = await newScene();
    const { host } = scene;
    const before = stateOf(host);
    const QUESTION = "No server is configured. Merge the demonstration that ships with DISCO?";
    const answer = (keys: readonly string[]) =>
      host.exec(["sh", "-c", KEYS, terminalCommand(host, []), ...keys], { env: { QUESTION } });
    for (const [keys, ends] of [[["n", "\\r"], 3], [["\\r"], 3], [["\\003"], 130]] as const) {
      const { code, stdout } = await answer(keys);
      assertEquals([code, stdout.includes(QUESTION)], [ends, true], stdout);
      await assertUnchanged(host, before);
      if (ends !== 3) continue;
      assertStringIncludes(stdout, "Cannot dance: no server is configured");
      assertStringIncludes(stdout, "give --server URI or set disco/server/uri");
    }
    // The control: of a dry run nobody is asked.
    const dry = await host.exec(["script", "-qec", terminalCommand(host, ["--noop"]), "/dev/null"]);
    assertEquals([dry.code, dry.stdout.includes(QUESTION)], [0, false], dry.stdout);
    const yes = await answer(["y", "\\r"]);
    assertEquals(yes.code, 0, yes.stdout);
    assertStringIncludes(yes.stdout, "merged: ");
    assert(compareTrees(before.tree, host.tree(before.own)).length > 0);
  });
});

describeOnHost("critical paths, where the setting says ask", () => {
  it("are asked about at a terminal", async () => {
    await using scene = await newScene();
    const { host } = scene;
    host.write("/etc/disco/client/guard", "ask\n");
    scene.balls({ a: { "files/etc/sudoers.d/a": "# nothing\n" } });
    const no = await onTerminal(host, ["n"]);
    assertMatch(no.stdout, /Merge changes of \d critical paths?: .*\/etc\/sudoers.d\/a\?/);
    assertStringIncludes(no.stdout, "were not confirmed");
    assertEquals([no.code, host.exists("/etc/sudoers.d/a")], [1, false]);
    const yes = await onTerminal(host, ["y"]);
    assertEquals([yes.code, host.exists("/etc/sudoers.d/a")], [0, true], yes.stdout);
  });
});

describeOnHost("orphans", () => {
  it("are a line a ball, once, and then in disco status", async () => {
    await using scene = await newScene();
    const files = Array.from({ length: 30 }, (_, i) => [`files/srv/old/${i}`, "x\n"]);
    scene.balls({ a: Object.fromEntries(files), b: { "files/etc/b": "b\n" } });
    await scene.danceInWords().ok();
    scene.balls({ b: { "files/etc/b": "b\n" } });
    const line = "orphans: 30 paths were delivered by ball a, and are not any more; they stay: " +
      "/srv/old/0, /srv/old/1, /srv/old/10, and 27 more (see ";
    const first = await scene.danceInWords();
    assertEquals(first.stderr, `warning: ${line}disco status)\n`);
    assertEquals((await scene.danceInWords()).stderr, "");
    const status = await scene.disco("status").says(`\n${line}--verbose)\n`);
    assertMatch(status.stdout, /^last dance: \S+, \S+, \S+ s: success: nothing to change$/m);
    assertEquals(status.code, 0);
    const all = await scene.disco("status", "--verbose");
    assertEquals(all.stdout.match(/^orphan: \/srv\/old\/\d+ \[a\]$/gm)?.length, 30);
    // Another one is told, with the others.
    scene.balls({ c: {} });
    const next = await scene.danceInWords();
    assertMatch(next.stderr, /^warning: orphan: \/etc\/b was delivered by ball b, .*\n$/);
  });
});
