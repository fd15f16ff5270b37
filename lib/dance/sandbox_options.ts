/**
 * What every program in the sandbox of a dance has in common.
 *
 * @module
 */
import type { Ball } from "../ball/mod.ts";
import { memoryLimit, type SandboxOptions, type ScriptIdentity } from "../sandbox/mod.ts";
import type { Dance } from "./dance.ts";
import type { Ready } from "./values.ts";

/** The sandbox for a ball, or for a person. */
export function sandboxOf(dance: Ready, ball: Ball): SandboxOptions & { ballDir: string };
export function sandboxOf(dance: Ready, ball?: Ball): SandboxOptions;
export function sandboxOf(dance: Ready, ball?: Ball): SandboxOptions {
  const { context, mounted, chroot, id } = dance;
  return {
    union: mounted,
    chroot,
    rules: dance.policies.of(ball?.name),
    context,
    dance: id,
    ballDir: ball?.dir ?? null,
    memory: memoryLimit(context.settings.get("disco/client/memory")),
    network: !context.noop || context.settings.flag("disco/client/noop/network"),
  };
}

/** What the program is told about itself. */
export function identityOf(dance: Dance, ball: string, script: string): ScriptIdentity {
  const { context, id } = dance;
  return { node: context.node, dance: id, ball, script, noop: context.noop };
}
