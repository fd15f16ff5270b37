/**
 * Whether a process of the live system runs as an account: what userdel(8) and usermod(8) look for
 * in /proc before they touch it (`user_busy` of the shadow tools).
 *
 * @module
 */
import { Tree } from "../door/mod.ts";
import { nameOf, readdir, readSmallFile, SyscallError } from "../posix/mod.ts";
import { type Answer, answerOf } from "./ask_host.ts";
import text from "./sh/account_tool.sh" with { type: "text" };

/** The word of the question, which only DISCO's own commands ask. */
export const BUSY = "disco-busy";

/** The tools with that check, and what stands in their place in the search path. */
export const ACCOUNT_TOOLS: readonly string[] = ["deluser", "userdel", "usermod"];
/** See above. */
export const ACCOUNT_TOOL: string = text;

/** Processes that are looked at. */
const MOST = 200_000;

/** Answer `disco-busy USER UID`: 0 and the process, 1 if there is none, 2 for a malformed question. */
export function answerBusy(argv: readonly string[]): Answer {
  const [, user = "", number = ""] = argv;
  const isQuestion = argv.length === 3 && /^\d{1,10}$/.test(number) && !/[:\n]/.test(user);
  if (!isQuestion) return answerOf(2, `disco: expected ${BUSY} USER UID`);
  const found = busyProcess(user, Number(number));
  if (found === undefined) return { code: 1, output: new Uint8Array(), errors: new Uint8Array() };
  return { code: 0, output: new TextEncoder().encode(`${found}\n`), errors: new Uint8Array() };
}

/** A process of the account, or of one of its subordinate ids; undefined where none is. */
export function busyProcess(user: string, uid: number, proc = "/proc"): number | undefined {
  const ranges = subordinate(user);
  const isOwn = (id: number) =>
    id === uid || ranges.some(([first, count]) => id >= first && id < first + count);
  return readdir(proc, undefined, MOST).map(({ name }) => Number(name)).filter(Number.isInteger)
    .sort((a, b) => a - b).find((pid) => idsOf(`${proc}/${pid}/status`).some(isOwn));
}

/** Real, effective and saved user id; none of a process that has ended. */
function idsOf(status: string): number[] {
  try {
    const bytes = readSmallFile(status);
    const found = bytes && /^Uid:\s+(\d+)\s+(\d+)\s+(\d+)/m.exec(nameOf(bytes));
    return found ? found.slice(1).map(Number) : [];
  } catch (error) {
    // ESRCH: it has ended meanwhile.
    if (error instanceof SyscallError) return [];
    throw error;
  }
}

/** First and count of each range in subuid(5). */
function subordinate(user: string): [first: number, count: number][] {
  using tree = new Tree("/");
  return nameOf(tree.read("/etc/subuid") ?? new Uint8Array()).split("\n").map((line) =>
    line.split(":")
  )
    .filter(([name]) => name === user).map(([, first, count]) => [Number(first), Number(count)]);
}
