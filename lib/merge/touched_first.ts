/**
 * Times that are set while other names of the same file move.
 *
 * @module
 */
import { parentOf } from "./conflict.ts";
import type { Live } from "./live.ts";
import { type AttributesOperation, type Operation, sameAttributes } from "./operation.ts";

/**
 * The operations, those first that set nothing but the time of a file. All names of the file have it
 * then, those that move, too: where these are known again by their time, it is that one.
 */
export function touchedFirst(operations: readonly Operation[], live: Live): Operation[] {
  const touched = operations.filter(isOnlyTime);
  if (touched.length === 0) return [...operations];
  const isFirst = new Set<Operation>(touched);
  const key = (path: string, { ino, mtime }: { ino: string; mtime?: string }) => {
    const folder = live.stat(parentOf(path));
    return `${folder?.mount} ${folder?.dev} ${ino} ${mtime}`;
  };
  const times = new Map(
    touched.map(({ path, ino, before, after }) => [key(path, { ...before, ino }), after.mtime!]),
  );
  const timed = <T extends { ino: string; mtime: string } | null>(path: string, one: T): T =>
    one && { ...one, mtime: times.get(key(path, one)) ?? one.mtime };
  const rest = operations.filter((one) => !isFirst.has(one)).map((one): Operation =>
    one.kind === "attributes"
      ? one
      : { ...one, before: timed(one.path, one.before), after: timed(one.path, one.after) }
  );
  return [...touched, ...rest];
}

function isOnlyTime(operation: Operation): operation is AttributesOperation {
  if (operation.kind !== "attributes" || operation.after.mtime === undefined) return false;
  const { mtime: _, ...before } = operation.before;
  return sameAttributes(before, operation.after);
}
