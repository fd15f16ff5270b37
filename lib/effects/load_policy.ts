/**
 * The policy in force: the shipped one, and what the administrator adds.
 *
 * @module
 */
import { listNames, readList } from "../files/list_files.ts";
import { parsePolicy, type Rule, type Verdict, VERDICTS } from "./policy.ts";
import { shippedRules } from "./shipped_policy.ts";

/** Where rules come from besides the shipped ones. */
export interface PolicySources {
  /** DISCO's etc root: the node's own files are in `<etc>/restricted.d`. */
  readonly etc: string;
  /** The node's tree of parameters: `<params>/restricted.d`, and `<params>/<ball>/restricted.d`. */
  readonly params: string;
}

/**
 * Parameters come from the server, and may come with a ball: a question is carried out on the live
 * system, in a dry run too, so that only the node's own files can say what one is.
 */
const FROM_AFAR: readonly Verdict[] = VERDICTS.filter((verdict) => verdict !== "host");

/**
 * The rules for each ball: the shipped ones, then those of the node's files, of its parameters
 * `restricted.d/NAME`, and of its parameters `BALL/restricted.d/NAME`; each in the order of the names.
 * Of the files only those named `*.conf` count. Balls without rules of their own share one array.
 */
export class Policies {
  readonly #params: string;
  readonly #common: readonly Rule[];
  readonly #own = new Map<string, readonly Rule[]>();

  /** Read what all balls have in common. */
  constructor({ etc, params }: PolicySources) {
    this.#params = params;
    this.#common = [
      ...shippedRules(),
      ...rulesIn(`${etc}/restricted.d`, (name) => name.endsWith(".conf"), VERDICTS),
      ...rulesIn(`${params}/restricted.d`, () => true, FROM_AFAR),
    ];
  }

  /** The rules for a ball; without one, those that all have in common. */
  of(ball?: string): readonly Rule[] {
    if (ball === undefined) return this.#common;
    const known = this.#own.get(ball);
    if (known) return known;
    const own = rulesIn(`${this.#params}/${ball}/restricted.d`, () => true, FROM_AFAR);
    const rules = own.length === 0 ? this.#common : [...this.#common, ...own];
    this.#own.set(ball, rules);
    return rules;
  }
}

function rulesIn(
  folder: string,
  isPolicy: (name: string) => boolean,
  verdicts: readonly Verdict[],
): Rule[] {
  return listNames(folder).filter(isPolicy)
    .flatMap((name) => parsePolicy(readList(`${folder}/${name}`), `${folder}/${name}`, verdicts));
}
