/**
 * The file `requires` of a ball: what is applied before and after it.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";
import { printable } from "../terminal/printable.ts";
import { refuseMany } from "./lines.ts";
import { parseBallName } from "./name.ts";

/** One line of `requires`. */
export interface Requirement {
  /** `after`: `ball` is applied before this one; `before`: this one is applied before `ball`. */
  readonly relation: "after" | "before";
  /** The other ball's name, checked. */
  readonly ball: string;
  /** Where it is said; the first line is 1. */
  readonly line: number;
}

/**
 * Parse `requires`: lines `after NAME`, `before NAME` or `NAME` (which means `after`); `#` starts a
 * comment. `file` is what an error calls the file.
 */
export function parseRequires(text: string, file: string): Requirement[] {
  const requirements = text.split("\n").flatMap((content, index) => {
    const words = content.replace(/#.*$/s, "").trim().split(/\s+/).filter(Boolean);
    return words.length === 0 ? [] : [parseLine(words, file, index + 1)];
  });
  refuseMany(requirements.length, file);
  return requirements;
}

function parseLine(words: string[], file: string, line: number): Requirement {
  const [relation, ball] = words.length === 1 ? ["after", words[0]!] : words as [string, string];
  if (words.length > 2 || !isRelation(relation) || (words.length === 1 && isRelation(ball))) {
    throw new DiscoError(
      `Cannot parse "${printable(file)}", line ${line}: ` +
        `expected "after NAME", "before NAME" or "NAME", found "${printable(words.join(" "))}"`,
    );
  }
  try {
    return { relation, ball: parseBallName(ball), line };
  } catch (cause) {
    if (!(cause instanceof DiscoError)) throw cause;
    throw new DiscoError(`Cannot parse "${printable(file)}", line ${line}: ${cause.message}`, {
      cause,
    });
  }
}

function isRelation(word: string): word is Requirement["relation"] {
  return word === "after" || word === "before";
}
