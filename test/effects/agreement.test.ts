import { assertEquals } from "@std/assert";
import { describe, it } from "@std/testing/bdd";
import { parsePolicy, type Rule, ruleFor, shippedRules } from "../../lib/effects/mod.ts";
import { SHIM_FOLDER, shimFor, type Verdict } from "../../lib/effects/mod.ts";
import { Folder } from "../posix/folder.ts";

const shipped = shippedRules();
const stars = parsePolicy("c run\nc a*z * -o*=x deny\nc * b effect", "own");

/** The verdict of the shim, run by sh; the folder is in the place of `/run/disco`. */
function ofShim(folder: Folder, rules: readonly Rule[], argv: readonly string[]): string {
  const [command = "", ...args] = argv;
  const stub = (path: string, says: string) =>
    Deno.writeTextFileSync(folder.at(path), `#!/bin/sh\necho ${says}\n`, { mode: 0o755 });
  folder.sh("mkdir -p bin");
  stub("bin/disco-effect", "effect");
  stub("bin/disco-ask", "host");
  Deno.writeTextFileSync(folder.at("bin/disco-deny"), "#!/bin/sh\nexit 126\n", { mode: 0o755 });
  stub("real", "run");
  const shim = shimFor(command, rules, folder.at("real")).replaceAll(SHIM_FOLDER, folder.path);
  Deno.writeTextFileSync(folder.at("shim"), shim);
  const env = { count: "9", option0: "given", word1: "show", word2: "show", verdict: "host" };
  const { code, stdout } = new Deno.Command("/bin/sh", { args: [folder.at("shim"), ...args], env })
    .outputSync();
  return code === 126 ? "deny" : new TextDecoder().decode(stdout).trim().replace("\n", "+");
}

/** Command lines on which a shim that joins its words would go wrong. */
const CASES: readonly (readonly [rules: Rule[], argv: string[], verdict: Verdict])[] = [
  [shipped, ["ip", "addr", "add", "x", "dev", "show"], "effect"],
  [shipped, ["ip", "addr show"], "deny"],
  [shipped, ["ip", "a", "a", "192.0.2.1/32", "dev", "lo"], "deny"],
  [shipped, ["ip", "a", "add", "192.0.2.1/32", "dev", "lo"], "effect"],
  [shipped, ["ip", "link", "s", "lo", "down"], "deny"],
  [shipped, ["nft", "list ruleset"], "deny"],
  [shipped, ["umount", "--help"], "run"],
  [shipped, ["umount", "--version"], "run"],
  [shipped, ["umount", "--help", "/mnt"], "effect"],
  [shipped, ["umount", "--help --version"], "effect"],
  [shipped, ["umount"], "effect"],
  [shipped, ["ip", "-6", "route", "show"], "host"],
  [shipped, ["ip", ""], "deny"],
  [shipped, ["service", "x", "restart", "status"], "effect"],
  [shipped, ["service", "x", "status"], "host"],
  [shipped, ["systemctl", "enable", "-x --now", "y"], "run"],
  [shipped, ["systemctl", "enable", "x", "--now"], "run+effect"],
  [shipped, ["systemctl", "is-active\nstop", "x"], "effect"],
  [shipped, ["sysctl", "kernel.ostype", "kernel.x=1"], "effect"],
  [shipped, ["sysctl", "-p/etc/sysctl.conf"], "effect"],
  [shipped, ["sysctl", "-qp"], "effect"],
  [shipped, ["sysctl", "--load=/etc/sysctl.conf"], "effect"],
  [shipped, ["sysctl", "-n", "kernel.ostype"], "host"],
  [stars, ["c"], "run"],
  [stars, ["c", "az", ""], "run"],
  [stars, ["c", "az", "", "-o=x"], "deny"],
  [stars, ["c", "-out=x", "a b c z", "*"], "deny"],
  [stars, ["c", "a", "b z", "-o=x"], "run"],
  [stars, ["c", "az", "b", "-o=x"], "deny"],
  [stars, ["c", "az", "b"], "effect"],
];

describe("a shim and the rules it is made from", () => {
  for (const [rules, argv, verdict] of CASES) {
    it(`should both say ${verdict} to ${JSON.stringify(argv)}`, () => {
      using folder = new Folder();
      assertEquals(ruleFor(rules, argv)?.verdict ?? "run", verdict);
      assertEquals(ofShim(folder, rules, argv), verdict);
    });
  }
});
