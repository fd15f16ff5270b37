import { assertEquals, assertThrows } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { DiscoError } from "../../lib/error/mod.ts";
import { parseProgram } from "../../lib/transport/program.ts";
import { type Asked, checkShellWords } from "../../lib/transport/shell_words.ts";

const ASKED: Asked = {
  host: "me@host",
  shell: ["ssh"],
  program: "rsync",
  paths: ["/u/balls/a", "/u/balls/b"],
};
const DAEMON: Asked = { ...ASKED, paths: "daemon" };
const OPTIONS = ["--server", "--sender", "-nlptre.LsfxCIvu", "--log-format=%i"];

describe("the words for the remote shell", () => {
  for (
    const [asked, given, passed] of [
      [ASKED, ["-l", "me", "host", "rsync", ...OPTIONS, ".", "/u/balls/a", "/u/balls/b"]],
      [ASKED, ["-l", "me", "host", "rsync", ...OPTIONS]],
      [DAEMON, ["-l", "me", "host", "rsync", "--server", "--daemon", "."]],
      [
        { ...DAEMON, shell: ["ssh", "-l", "login"] },
        ["-l", "me", "host", "rsync", "--server", "--daemon", "."],
        ["host", "rsync", "--server", "--daemon", "."],
      ],
      [
        { ...ASKED, host: "[::1]", paths: ["/a b/c"] },
        ["::1", "rsync", ...OPTIONS, ".", "/a\\ b/c"],
      ],
      [
        { ...ASKED, host: "h", program: "sudo rsync", paths: ["/a"] },
        ["h", "sudo rsync", ...OPTIONS, ".", "/a"],
      ],
    ] as [Asked, string[], string[]?][]
  ) {
    it(`passes ${given.join(" ")}`, () => {
      assertEquals(checkShellWords(asked, given), passed ?? given);
    });
  }

  const right = ["-l", "me", "host", "rsync"];
  for (
    const given of [
      ["-oProxyCommand=touch /x", "host", "rsync", ...OPTIONS],
      ["-l", "root", "host", "rsync", ...OPTIONS],
      ["-l", "me", "other", "rsync", ...OPTIONS],
      ["-l", "me", "-oProxyCommand=x", "rsync", ...OPTIONS],
      ["-l", "me", "host", "sh", "-c", "x"],
      ["-l", "me", "host", "rsync;id", ...OPTIONS],
      [...right, "--daemon", "."],
      [...right, "--server", "--daemon", "."],
      [...right, ...OPTIONS, ".", "/etc/shadow"],
      [...right, ...OPTIONS, ".", "/u/balls/a", "/u/balls/b", "/u/balls/c"],
      [...right, ...OPTIONS, ".", "/u/balls/a;id"],
      [...right, ...OPTIONS, ".", "/u/balls/a", "$(id)"],
      [...right, ...OPTIONS, "--remove-source-files", "."],
      [...right, ...OPTIONS, "--log-file=/etc/x", "."],
      [...right, ...OPTIONS, "--log-format=`id`", "."],
      [...right, ...OPTIONS, "-L", "."],
      [...right, ...OPTIONS, "$(id)", "."],
      [],
    ]
  ) {
    it(`refuses ${given.join(" ")}`, () => {
      assertThrows(
        () => checkShellWords(ASKED, given),
        DiscoError,
        "Cannot start the remote shell",
      );
    });
  }
  for (const more of [["--config=/x", "."], [".", "x"], ["."], []]) {
    it(`refuses for a daemon ${more.join(" ")}`, () => {
      const given = [...right, "--server", ...(more[0] === "." && !more[1] ? [] : ["--daemon"])];
      assertThrows(() => checkShellWords(DAEMON, [...given, ...more]), DiscoError);
    });
  }
});

describe("the setting disco/client/cmds/rsync", () => {
  for (
    const [text, words, shell, remote] of [
      ["rsync", ["rsync"], undefined, "rsync"],
      ["rsync --rsh 'ssh -l me'", ["rsync"], ["ssh", "-l", "me"], "rsync"],
      ["rsync --rsh='ssh -l me' -z", ["rsync", "-z"], ["ssh", "-l", "me"], "rsync"],
      ["rsync -e ssh", ["rsync"], ["ssh"], "rsync"],
      ["rsync -essh", ["rsync"], ["ssh"], "rsync"],
      ["rsync -ze 'ssh -p 1'", ["rsync", "-z"], ["ssh", "-p", "1"], "rsync"],
      ["rsync --exclude -T", ["rsync", "--exclude", "-T"], undefined, "rsync"],
      ["rsync -Bee", ["rsync", "-Bee"], undefined, "rsync"],
      ["rsync --delete -M-e", ["rsync", "--delete", "-M-e"], undefined, "rsync"],
      [
        "rsync --rsync-path='sudo rsync'",
        ["rsync", "--rsync-path=sudo rsync"],
        undefined,
        "sudo rsync",
      ],
    ] as [string, string[], string[] | undefined, string][]
  ) {
    it(`is read: ${text}`, () => assertEquals(parseProgram(text), { words, shell, remote }));
  }
});
