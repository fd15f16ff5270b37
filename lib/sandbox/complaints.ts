/**
 * What programs say when the kernel refuses them something. Lines come from balls, which can make any
 * number of any length: a line is cut, and read by plain search only, so that the steps it takes are
 * bounded by its length times the number of rows here.
 *
 * @module
 */
import type { RefusalKind } from "../result/mod.ts";
import type { Refusal } from "./refusals.ts";

/** Characters of a line that are looked at. */
export const LONGEST_COMPLAINT = 2048;

/** A kind of complaint: a row holds if all that it has holds. */
interface Complaint {
  readonly kind: RefusalKind;
  /** What the line begins with, before `: `; any program's line without. */
  readonly by?: readonly string[];
  /** Phrases in lower case; one of them is in the line. */
  readonly says: readonly string[];
  /** The refused thing is the last word before the phrase that begins so; none, no complaint. */
  readonly below?: readonly string[];
  /** The refused thing is all that the program says. */
  readonly isWhole?: boolean;
  /** The refused thing is the word after the phrase. */
  readonly isNext?: boolean;
  /** The refused thing is the phrase and what follows it. */
  readonly isPhrase?: boolean;
}

const READ_ONLY = "read-only file system";
const DENIED = ["permission denied", "operation not permitted", READ_ONLY];
const REFUSED = [...DENIED, "not permitted", "denied"];

const COMPLAINTS: readonly Complaint[] = [
  { kind: "kernel", says: DENIED, below: ["/proc/", "/sys/"] },
  {
    kind: "kernel",
    by: ["sysctl"],
    says: ["permission denied on key", "setting key"],
    isNext: true,
  },
  { kind: "kernel", by: ["modprobe", "insmod", "rmmod"], says: REFUSED },
  { kind: "device", by: ["mknod"], says: DENIED },
  { kind: "device", says: DENIED, below: ["/dev/"] },
  {
    kind: "mount",
    by: ["mount", "umount", "swapon", "swapoff", "losetup"],
    says: [...REFUSED, "superuser", "only root"],
  },
  { kind: "mount", by: ["losetup"], says: ["loop device"], isPhrase: true },
  {
    kind: "namespace",
    by: ["unshare", "nsenter", "bwrap", "setns"],
    says: ["not permitted"],
    isWhole: true,
  },
  { kind: "clock", by: ["date"], says: ["cannot set date"], isPhrase: true },
  { kind: "host-name", by: ["hostname"], says: ["must be root", "not permitted"], isWhole: true },
  { kind: "schedule", by: ["chrt", "renice", "nice", "ionice"], says: REFUSED, isWhole: true },
  { kind: "process", by: ["kill"], says: ["no such process", ...REFUSED], isWhole: true },
  {
    kind: "network",
    says: [
      "network is unreachable",
      "temporary failure in name resolution",
      "temporary failure resolving ",
      "could not resolve host",
    ],
    isPhrase: true,
  },
  { kind: "place", says: [READ_ONLY], below: ["/"] },
];

/** The refusal that a line of a program's complaints tells of. */
export function refusalIn(line: string): Refusal | undefined {
  const said = withoutPlace(line.slice(0, LONGEST_COMPLAINT));
  const lower = said.toLowerCase();
  for (const complaint of COMPLAINTS) {
    const what = refusedThing(complaint, said, lower);
    if (what) return { kind: complaint.kind, what };
  }
  return undefined;
}

/** Shells begin with the script's name and line: `NAME: line 3: `, `NAME: 3: `. */
function withoutPlace(said: string): string {
  const name = said.indexOf(": ");
  if (name <= 0 || said.slice(0, name).includes(" ")) return said;
  const number = said.indexOf(": ", name + 2);
  const isPlace = number > 0 && /^(line )?\d{1,9}$/.test(said.slice(name + 2, number));
  return isPlace ? said.slice(number + 2) : said;
}

function refusedThing(complaint: Complaint, said: string, lower: string): string | undefined {
  const { by, says, below, isWhole, isNext, isPhrase } = complaint;
  const program = by && programOf(said);
  if (by && (program === undefined || !by.includes(baseName(program)))) return undefined;
  const phrase = says.find((words) => lower.includes(words));
  if (phrase === undefined) return undefined;
  const at = lower.indexOf(phrase);
  if (below) {
    return wordsOf(said.slice(0, at))
      .findLast((word) => below.some((start) => isBelow(word, start)));
  }
  if (isNext) return wordsOf(said.slice(at + phrase.length)).find((word) => word !== "");
  const start = program === undefined ? 0 : program.length + 2;
  if (isWhole) return said.slice(start).trim();
  const what = isPhrase ? said.slice(at) : said.slice(start, at);
  return trimmed(what) || trimmed(said.slice(start));
}

/** Programs begin with their name, as they were called: `mknod: ` or `/usr/bin/mknod: `. */
function programOf(said: string): string | undefined {
  const end = said.indexOf(": ");
  return end > 0 ? said.slice(0, end) : undefined;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Names end at blanks, colons, commas and quotes. */
function wordsOf(text: string): string[] {
  return text.split(/[\s:,'"‘’]/);
}

function isBelow(word: string, start: string): boolean {
  return word.startsWith(start) && word.length > start.length;
}

/** Without the punctuation around it. */
function trimmed(text: string): string {
  const inner = (c: string) => !" :,('\"‘’".includes(c);
  const letters = [...text];
  return letters.slice(letters.findIndex(inner), letters.findLastIndex(inner) + 1).join("");
}
