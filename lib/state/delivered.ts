/**
 * The record of what balls have delivered: `<var>/delivered.json`.
 *
 * @module
 */
import { DiscoError, messageOf } from "../error/mod.ts";
import { writeOwn } from "../files/write_own.ts";
import type { Stat } from "../posix/mod.ts";

/** A delivered path as the merge left it; what was changed since looks different. */
export interface Delivered {
  readonly ino: string;
  readonly size: number;
  readonly mtime: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** What one ball has delivered. */
export interface DeliveredBall {
  /** Globs of its file `purge` when it was last applied. */
  readonly purge: readonly string[];
  readonly paths: Readonly<Record<string, Delivered>>;
  /** Directories that were made for what it delivers: they go with the last that is purged. */
  readonly folders?: readonly string[];
}

/** By the name of the ball. */
export type DeliveredRecord = Readonly<Record<string, DeliveredBall>>;

/** How a path looks. */
export function fingerprint({ ino, size, mtime, mode, uid, gid }: Stat): Delivered {
  return { ino: String(ino), size, mtime: String(mtime), mode, uid, gid };
}

/** Whether a path is as it was delivered. */
export function isAsDelivered(stat: Stat, delivered: Delivered): boolean {
  return JSON.stringify(fingerprint(stat)) === JSON.stringify(delivered);
}

const NAME = "delivered.json";
/** The record before its last change. */
const FORMER = "delivered.former.json";

/**
 * Read the record; empty where nothing was delivered yet. Throws a {@linkcode DiscoError} for one that
 * is damaged.
 */
export function loadRecord(folder: string): DeliveredRecord {
  return readRecord(`${folder}/${NAME}`) ?? {};
}

/** The record before its last change; undefined where there is none, or it is damaged, too. */
export function loadFormerRecord(folder: string): DeliveredRecord | undefined {
  try {
    return readRecord(`${folder}/${FORMER}`);
  } catch (error) {
    if (error instanceof DiscoError) return undefined;
    throw error;
  }
}

function readRecord(path: string): DeliveredRecord | undefined {
  try {
    const { schema, balls } = JSON.parse(Deno.readTextFileSync(path)) ?? {};
    if (schema !== 1) throw new Error(`it has schema ${schema}, expected 1`);
    if (!isRecord(balls)) throw new Error("it is not a record of delivered files");
    return balls;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new DiscoError(`Cannot read "${path}": ${messageOf(error)}`, {
      hint: "remove it: orphans of earlier dances are not known any more then",
    });
  }
}

function isRecord(value: unknown): value is DeliveredRecord {
  return isObject(value) &&
    Object.values(value).every((ball) =>
      isObject(ball) && Array.isArray(ball.purge) &&
      ball.purge.every((glob) => typeof glob === "string") &&
      isObject(ball.paths) && Object.values(ball.paths).every(isObject) &&
      (ball.folders === undefined ||
        Array.isArray(ball.folders) && ball.folders.every((path) => typeof path === "string"))
    );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Write the record durably; a reader sees the old one or the new one. The old one is kept beside it. */
export function saveRecord(folder: string, balls: DeliveredRecord): void {
  keepFormer(folder);
  mendRecord(folder, balls);
}

/** Write it in place of a damaged one, which is not kept. */
export function mendRecord(folder: string, balls: DeliveredRecord): void {
  const text = JSON.stringify({ schema: 1, balls });
  writeOwn(`${folder}/${NAME}`, text, { keeps: "name" });
}

function keepFormer(folder: string): void {
  const draft = `${folder}/${FORMER}.new`;
  try {
    removeFile(draft);
    Deno.linkSync(`${folder}/${NAME}`, draft);
    Deno.renameSync(draft, `${folder}/${FORMER}`);
  } catch {
    // There is no record yet, or the file system has no hard links: generations know of it, too.
  }
}

function removeFile(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
