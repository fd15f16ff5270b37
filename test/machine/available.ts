/**
 * Whether this machine can make and run virtual machines.
 *
 * @module
 */

const TOOLS = ["mmdebstrap", "qemu-system-x86_64", "qemu-img", "mkfs.ext4"];

/** Why there can be no virtual machine here, or undefined where there can. */
export function whyNoMachine(): string | undefined {
  if (Deno.build.arch !== "x86_64") return `a machine needs a PC, this is ${Deno.build.arch}`;
  if (Deno.uid() !== 0) return "an image of a machine needs root";
  const missing = TOOLS.filter((tool) => !hasTool(tool));
  return missing.length === 0
    ? undefined
    : `a machine needs ${missing.join(", ")}: run "tasks/setup --machine"`;
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
