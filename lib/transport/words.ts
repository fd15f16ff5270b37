/**
 * A command line in a setting, as an argument list.
 *
 * @module
 */
import { DiscoError } from "../error/mod.ts";

/**
 * Split text into words: white space separates, single and double quotes and the backslash keep it.
 * Nothing is expanded. `what` names the text in an error.
 */
export function splitWords(text: string, what: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (c === "\\" && quote !== "'") {
      if (++i === text.length) throw bad(text, what, "it ends with a backslash");
      word = (word ?? "") + text[i];
    } else if (quote) {
      if (c === quote) quote = "";
      else word += c;
    } else if (c === "'" || c === '"') {
      quote = c;
      word ??= "";
    } else if (/\s/.test(c)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + c;
  }
  if (quote) throw bad(text, what, `a ${quote} is not closed`);
  if (word !== undefined) words.push(word);
  if (!words[0]) throw bad(text, what, "it names no program");
  return words;
}

/** The words as rsync's own parser of `RSYNC_RSH` reads them: in quotes, a quote doubled. */
export function joinForRsync(words: readonly string[]): string {
  return words.map((w) => /^[\w@%+=:,./-]+$/.test(w) ? w : `'${w.replaceAll("'", "''")}'`)
    .join(" ");
}

function bad(text: string, what: string, why: string): DiscoError {
  return new DiscoError(`Cannot use setting "${what}" = ${JSON.stringify(text)}: ${why}`, {
    code: 3,
  });
}
