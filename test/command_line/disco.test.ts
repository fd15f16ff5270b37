/** The command without a stage: help, version, completions, man pages, and what is mistyped. */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { fromFileUrl } from "@std/path";
import { COMMANDS } from "../../tasks/all.ts";

const DISCO = fromFileUrl(new URL("../../tasks/disco.ts", import.meta.url));

async function disco(...argv: string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", DISCO, ...argv],
    env: { NO_COLOR: "1" },
  }).output();
  const text = new TextDecoder();
  return { code, out: text.decode(stdout), err: text.decode(stderr) };
}

function withoutCaller(): Record<string, string> {
  const { INIT_CWD: _, ...rest } = Deno.env.toObject();
  return rest;
}

async function inShell(words: readonly string[], input: string): Promise<string> {
  const [program = "", ...args] = words;
  const child = new Deno.Command(program, {
    args,
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  })
    .spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { stdout, stderr } = await child.output();
  return new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
}

const has = (program: string) =>
  new Deno.Command("sh", { args: ["-c", `command -v ${program}`], stdout: "null" })
    .outputSync().success;

describe("disco", () => {
  it("lists all commands in groups, and shows the help of each", async () => {
    const { code, out } = await disco("help");
    assertEquals(code, 0);
    for (const { name, summary } of COMMANDS) {
      assertStringIncludes(out, `  ${name.padEnd(13)}${summary}`);
    }
    assertEquals((await disco("--help")).out, out);
    const help = await disco("help", "dance");
    assertEquals(help, await disco("dance", "--help"));
    assertStringIncludes(help.out, "usage: disco dance [options]");
    assertStringIncludes(help.out, "--diff full|short|none");
    assert(help.out.split("\n").every((line) => line.length <= 100), help.out);
  });

  it("says which version it is", async () => {
    const { code, out } = await disco("--version");
    assertEquals([code, /^disco \d+\.\d+\.\d+ \(deno [\d.]+\)\n$/.test(out)], [0, true], out);
  });

  const mistyped: readonly [argv: string[], hint: string][] = [
    [["dnace"], 'did you mean "disco dance"?'],
    [["hlep"], 'did you mean "disco help"?'],
    [["toString"], "see disco help"],
    [["help", "rolback"], 'did you mean "disco rollback"?'],
    [["dance", "--nop"], 'did you mean "--noop"?'],
    [["dance", "--review=x", "--diff", "all"], "see --help"],
    [["report", "--format", "xml"], "see --help"],
    [["history", "--stats"], 'did you mean "--stat"?'],
    [["completions", "csh"], "disco completions bash|zsh|fish"],
    [["man"], "disco man COMMAND"],
    [["version", "x"], "disco --version"],
  ];
  for (const [argv, hint] of mistyped) {
    it(`refuses ${argv.join(" ")}, and does nothing`, async () => {
      const { code, out, err } = await disco(...argv);
      assertEquals([code, out], [3, ""], err);
      assertStringIncludes(err, `what to do: ${hint}`);
    });
  }

  it("answers an unknown command with a document where one is asked for", async () => {
    const { code, out } = await disco("nosuch", "--json");
    assertEquals([code, JSON.parse(out).error.message], [3, 'Unknown command "nosuch"']);
  });

  it("takes paths as the folder of its caller means them, started by deno task, too", async () => {
    const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["task", "ball", "lint", "../universe/balls/groups"],
      cwd: fromFileUrl(new URL("../../docs", import.meta.url)),
      // A task that runs the tests has set INIT_CWD, and this one is called from elsewhere.
      clearEnv: true,
      env: { ...withoutCaller(), NO_COLOR: "1" },
    }).output();
    assertEquals(success, true, new TextDecoder().decode(stderr));
    assertStringIncludes(new TextDecoder().decode(stdout), 'ball "groups": 0 errors');
  });

  it("takes letters together", async () => {
    const { code, err } = await disco("plan", "-nqx");
    assertEquals([code, err.includes('Unknown option "-nqx"')], [3, true], err);
    const help = await disco("plan", "-nqh");
    assertEquals([help.code, help.out.startsWith("Order the fetched balls")], [0, true]);
  });
});

describe("completions", () => {
  it("complete commands, options and choices in bash", async () => {
    const { out } = await disco("completions", "bash");
    const ask = (line: string) => {
      const words = line.split(" ");
      return inShell(
        ["bash", "--norc"],
        `${out}\nCOMP_WORDS=(${words.map((w) => `'${w}'`).join(" ")}); COMP_CWORD=${
          words.length - 1
        }
        _disco disco '${words.at(-1)}' '${words.at(-2)}'; echo "\${COMPREPLY[*]}"`,
      );
    };
    assertEquals(await ask("disco roll"), "rollback\n");
    assertEquals(await ask("disco help roll"), "rollback\n");
    assertEquals(await ask("disco dance --ke"), "--keep-going\n");
    assertEquals(await ask("disco dance --diff s"), "short\n");
    assertEquals(await ask("disco param de"), "delete\n");
    assertEquals(await ask("disco completions f"), "fish\n");
  });

  for (const shell of ["zsh", "fish"]) {
    const isThere = has(shell);
    const why = isThere ? "" : ", which is not installed here";
    (isThere ? it : it.ignore)(`are understood by ${shell}${why}`, async () => {
      const { out } = await disco("completions", shell);
      assertEquals(await inShell([shell, "-n"], out), "");
    });
  }
});

describe("man pages", () => {
  it("name every option, and no line is taken for a request", async () => {
    for (const { name, options = [] } of COMMANDS.slice(0, 3)) {
      const { out } = await disco("man", name);
      assertStringIncludes(out, `.TH DISCO-${name.toUpperCase()} 8`);
      for (const option of options) assertStringIncludes(out, option.name.replaceAll("-", "\\-"));
      const requests = out.split("\n").filter((line) => line.startsWith("."));
      assert(requests.every((line) => /^\.(TH|SH|TP|B|br|PP|nf|fi)\b/.test(line)), out);
    }
  });
});
