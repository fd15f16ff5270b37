/**
 * Whether this machine can hold throw-away hosts.
 *
 * @module
 */
import { describe } from "@std/testing/bdd";

const TOOLS = ["unshare", "nsenter", "setsid", "setpriv", "pivot_root", "losetup", "ip"];
let answer: { reason: string | undefined } | undefined;

/** Why there can be no throw-away host here, or undefined where there can. */
export function whyNoHost(): string | undefined {
  answer ??= { reason: findReason() };
  return answer.reason;
}

/**
 * A suite that needs throw-away hosts: like `describe`, but skipped, with the reason printed,
 * where there can be none.
 */
export function describeOnHost(name: string, fill: () => void): void {
  const reason = whyNoHost();
  if (reason === undefined) return describe(name, fill);
  console.warn(`warning: skipped "${name}": ${reason}`);
  describe.ignore(name, fill);
}

function findReason(): string | undefined {
  if (Deno.uid() !== 0) return "a throw-away host needs root";
  const missing = TOOLS.filter((tool) => !hasTool(tool));
  if (missing.length > 0) return `a throw-away host needs ${missing.join(", ")}: run tasks/setup`;
  const root = Deno.readTextFileSync("/proc/self/mountinfo").split("\n").findLast((line) =>
    line.split(" ")[4] === "/"
  );
  // The host's root and DISCO's union are two overlays on it, and there may be no third.
  if (root?.includes(" - overlay ")) return "the root of this machine is an overlay already";
  const { success, stderr } = new Deno.Command("unshare", {
    args: ["--cgroup", "--mount", "--pid", "--fork", "--uts", "--ipc", "--net", "true"],
  }).outputSync();
  return success ? undefined : `no namespaces here: ${new TextDecoder().decode(stderr).trim()}`;
}

function hasTool(name: string): boolean {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  return [...folders, "/usr/sbin", "/sbin"].some((folder) => {
    try {
      return Deno.statSync(`${folder}/${name}`).isFile;
    } catch {
      return false;
    }
  });
}
