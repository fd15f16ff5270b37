/**
 * The order of a merge's renames: what a machine needs to run anything at all comes last and together,
 * so that a crash finds either the old of it or the new, and hardly ever both.
 *
 * @module
 */
import type { Operation } from "./operation.ts";

/** Loader, C library and what is loaded with it, shells, init, and what DISCO is run by. */
const VITAL: readonly RegExp[] = [
  /^\/(usr\/)?lib(32|64|x32)?\/([^/]+\/)?ld(-linux[^/]*|-musl[^/]*|-[0-9.]+)?\.so[^/]*$/,
  /^\/(usr\/)?lib(32|64|x32)?\/([^/]+\/)?lib(c|gcc_s|m|dl|pthread|rt|stdc\+\+|tinfo|resolv)[.-][^/]*$/,
  /^\/(usr\/)?s?bin\/(sh|bash|dash|busybox|init|systemd[^/]*|env|mount|nsenter|setsid)$/,
  /^\/(usr\/)?lib\/systemd\/(systemd|libsystemd[^/]*)$/,
  /^\/(usr\/local\/|usr\/)?bin\/(deno|disco)$/,
];

/** Whether a path is one that programs need to start at all. */
export function isVital(path: string): boolean {
  return VITAL.some((pattern) => pattern.test(path));
}

/** Operations in the order in which they are carried out; changes of attributes stay at the end. */
export function inOrder(operations: readonly Operation[]): Operation[] {
  const moves = operations.filter(({ kind }) => kind !== "attributes");
  return [
    ...moves.filter(({ path }) => !isVital(path)),
    ...moves.filter(({ path }) => isVital(path)),
    ...operations.filter(({ kind }) => kind === "attributes"),
  ];
}
