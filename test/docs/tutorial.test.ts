import { assert, assertEquals } from "@std/assert";
import { it } from "@std/testing/bdd";
import { describeOnHost, newScene, type Scene } from "../host/mod.ts";
import { readPages } from "./markdown.ts";

/** A step of the page: shell lines to type, or a call of disco and what it prints. */
type Step =
  | { readonly kind: "shell"; readonly text: string }
  | {
    readonly kind: "disco";
    readonly words: readonly string[];
    readonly shown: readonly string[];
  };

/** What stands on the machine of the page before it begins. */
const MOTD = "The programs included with the Debian GNU/Linux system are free software.\n";
const OS_RELEASE = 'ID=debian\nVERSION_ID="12"\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n';
const RSYNCD = "[universe]\npath = /srv/universe\nread only = yes\n";

describeOnHost("docs/tutorial.md", () => {
  it("should show what disco prints", async () => {
    await using scene = await newScene();
    const { host } = scene;
    scene.live({
      "/etc/motd": MOTD,
      "/etc/os-release": OS_RELEASE,
      "/etc/hosts": "127.0.0.1 localhost server.example.net\n127.0.1.1 node.example.net node\n",
      "/etc/rsyncd.conf": RSYNCD,
    });
    await host.run(["rsync", "--daemon"]);
    const disco = host.discoArgv().map((word) => `'${word}'`).join(" ");
    host.write("/usr/local/bin/disco", `#!/bin/sh\nexec ${disco} "$@"\n`, 0o755);

    const steps = stepsOf(readPages().get("docs/tutorial.md")!);
    assert(steps.filter(({ kind }) => kind === "disco").length >= 9);
    for (const step of steps) await take(scene, step);
  });
});

async function take(scene: Scene, step: Step): Promise<void> {
  if (step.kind === "shell") return void await scene.sh(step.text);
  const { words, shown } = step;
  if (words[0] === "exec-shell") return;
  // "The same again finds nothing to change."
  if (words[0] === "history") await scene.disco("dance", "--server", "embedded");
  const { stdout, stderr } = await scene.disco(...words).ok();
  const printed = `${stdout}\n${stderr}`.split("\n").map(timeless);
  const missing = shown.map(timeless).filter((line) => !printed.includes(line));
  assertEquals(missing, [], `disco ${words.join(" ")}`);
}

/** The steps in the order of the page; output stands in the fenced block behind a call. */
function stepsOf(page: string): Step[] {
  const part =
    /^```sh\n(?<shell>.*?)^```$|^ {4}\$ disco (?<call>[^\n]*)\n(?:\n```\n(?<shown>.*?)^```$)?/gms;
  return [...page.matchAll(part)].map(({ groups = {} }): Step => {
    const { shell, call = "", shown = "" } = groups;
    if (shell !== undefined) return { kind: "shell", text: shell };
    const lines = shown.split("\n").filter((line) => line !== "" && line !== "...");
    return { kind: "disco", words: call.split(" "), shown: lines };
  });
}

/** Without ids, times, sizes (the machine's processors are in a file), and the width of columns. */
function timeless(line: string): string {
  return line.replaceAll(/\d{8}T\d{6}Z-[0-9a-f]{6}/g, "ID")
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+Z)?/g, "TIME")
    .replaceAll(/\d+\.\d\d( s)?$/g, "SECONDS").replaceAll(/size \d+/g, "size").replaceAll(
      / +/g,
      " ",
    );
}
