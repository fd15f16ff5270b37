/**
 * Does a job plainly, as a person would who types it in, and compares what comes of it with the host
 * after the dance: what a person would have got is what DISCO gives.
 *
 * @module
 */
import { differing } from "../dance/support.ts";
import type { ThrowawayHost, Tree } from "../host/mod.ts";
import { isExcused } from "./excuses.ts";
import { type Job, rootOf } from "./job.ts";
import { newScene } from "../host/mod.ts";

/** As the sandbox sets it (docs/balls.md, "scripts"). */
const ENV = {
  HOME: "/root",
  LANG: "C.UTF-8",
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  DEBIAN_FRONTEND: "noninteractive",
};
/** What is left in them is not merged, or is DISCO's own. */
const OWN = /^\/(tmp|run|dev|proc|sys|var\/disco|etc\/disco)(\/|$)/;
/** What is done to no file by hand. */
const BY_DISCO = /^(templates|parameters|post|requires|purge)(\/|$)/;

/** Why a job has no plain form, or undefined where it has one. */
export function whyNotPlain({ ball, notPlain }: Job): string | undefined {
  if (notPlain !== undefined) return notPlain;
  const path = Object.keys(ball).find((path) => BY_DISCO.test(path));
  return path === undefined ? undefined : `it has ${path.split("/")[0]}`;
}

/** What the danced host, which was as `before`, has otherwise than a host where it is done plainly. */
export async function comparePlain(
  job: Job,
  prepare: (host: ThrowawayHost) => Promise<void>,
  danced: ThrowawayHost,
  before: Tree,
): Promise<string[]> {
  await using host = (await newScene(rootOf(job))).host;
  await prepare(host);
  const start = host.tree();
  const failure = await doPlainly(host, job);
  if (failure) return [failure];
  const ignored = (path: string) => OWN.test(path) || job.busy?.test(path);
  const changed = new Set([
    ...differing(before, danced.tree()),
    ...differing(start, host.tree()),
  ].filter((path) => !ignored(path)));
  return [
    ...[...changed].sort().flatMap((path) => compareEntries(path, host, danced)),
    ...await compareAnswers(job, host, danced),
  ];
}

/** That a job succeeds that is known to fail, if it does. */
export async function plainSuccess(
  job: Job,
  prepare: (host: ThrowawayHost) => Promise<void>,
): Promise<string[]> {
  await using host = (await newScene(rootOf(job))).host;
  await prepare(host);
  return await doPlainly(host, job) === undefined ? ["done plainly, it succeeds"] : [];
}

async function compareAnswers(
  { asks }: Job,
  plain: ThrowawayHost,
  danced: ThrowawayHost,
): Promise<string[]> {
  if (asks === undefined) return [];
  const [a, b] = await Promise.all([plain, danced].map((host) => host.run(["bash", "-ec", asks])));
  const said = (answer: string | undefined) => JSON.stringify(answer);
  return a === b ? [] : [`${asks}: ${said(a)} if done plainly, ${said(b)} if danced`];
}

async function doPlainly(host: ThrowawayHost, { ball }: Job): Promise<string | undefined> {
  for (const [path, content] of Object.entries(ball)) {
    if (path.startsWith("files/")) host.write(path.slice("files".length), content);
  }
  await applyPermissions(host, ball["permissions"] ?? "");
  for (const path of Object.keys(ball).filter((path) => path.startsWith("scripts/")).sort()) {
    const { code, stderr } = await host.exec(["bash", "-c", ball[path]!], { env: ENV });
    if (code !== 0) return `${path} done plainly ended with ${code}: ${stderr.slice(-1000)}`;
  }
  return undefined;
}

async function applyPermissions(host: ThrowawayHost, text: string): Promise<void> {
  for (const line of text.split("\n").filter(Boolean)) {
    const [mode, owner, group, path] = line.split(" ");
    await host.run([
      "sh",
      "-c",
      `chown "$1" "$3" && chmod "$2" "$3"`,
      "sh",
      `${owner}:${group}`,
      mode!,
      path!,
    ]);
  }
}

function compareEntries(path: string, plain: ThrowawayHost, danced: ThrowawayHost): string[] {
  const [a, b] = [plain, danced].map((host) => fieldsOf(host, path));
  if (!a || !b) return a === b ? [] : [`${path}: ${a ? "only if done plainly" : "only if danced"}`];
  return Object.keys(a).filter((key) => a[key] !== b[key])
    .filter((key) => !(isExcused(path) && CONTENT.includes(key)))
    .map((key) => `${path}: ${key} ${a[key]} if done plainly, ${b[key]} if danced`);
}

const CONTENT = ["size", "content"];

function fieldsOf(host: ThrowawayHost, path: string): Record<string, unknown> | undefined {
  const entry = host.entry(path);
  if (!entry) return undefined;
  const { type, mode, owner, size, target, rdev, content, xattrs } = entry;
  const isDirectory = type === "directory";
  return { type, mode, owner, size: isDirectory ? 0 : size, target, rdev, content, xattrs };
}
