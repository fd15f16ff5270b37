/**
 * Runs the bash templates of a ball, all of them in one sandbox.
 *
 * @module
 */
import { SHIM_FOLDER } from "../effects/mod.ts";
import { GNU_TIME_FORMAT, parseGnuTime, type Usage } from "../metrics/mod.ts";
import { bytesOf, createFile, lstat, mkdir, nameOf, readFile, removeTree } from "../posix/mod.ts";
import type { SandboxOptions } from "./bubblewrap.ts";
import { environmentOf, type ScriptIdentity } from "./environment.ts";
import { launch } from "./launch.ts";
import { describeOutcome, isSuccess, type Outcome } from "./outcome.ts";

/** What to render. */
export interface TemplatesOptions extends SandboxOptions {
  readonly identity: ScriptIdentity;
  /** Relative to the ball's folder `templates`. */
  readonly templates: readonly string[];
  /** Time limit of each template. */
  readonly seconds: number;
  readonly signal?: AbortSignal | undefined;
}

/** What a template printed, or why it failed. */
export interface RenderedTemplate {
  readonly template: string;
  readonly content: Uint8Array<ArrayBuffer>;
  readonly usage: Usage | undefined;
  /** Undefined when all went well. */
  readonly error: string | undefined;
}

/** How long the whole sandbox may take beyond its templates' own limits, in seconds. */
const GRACE = 10;

/** Bytes that a template may print, or write. */
const MOST_OUTPUT = 64 << 20;

/**
 * Renders one template after the other into files named by their number. The template's name is
 * read from a file and only ever used in quotes.
 */
const DRIVER = `
ulimit -f ${MOST_OUTPUT / 512}
number=0
while IFS= read -r template; do
  number=$((number + 1))
  DISCO_SCRIPT="templates/$template" PATH=${SHIM_FOLDER}/restricted \\
    ${SHIM_FOLDER}/time --format '${GNU_TIME_FORMAT}' --output ${SHIM_FOLDER}/out/$number.figures \\
    /usr/bin/timeout --signal KILL "$1" \\
    /bin/bash --restricted "${SHIM_FOLDER}/ball/templates/$template" \\
    > ${SHIM_FOLDER}/out/$number.out 2> ${SHIM_FOLDER}/out/$number.err < /dev/null
done < ${SHIM_FOLDER}/out/list
`;

/** Run templates; a name with a newline is refused, because the list has one name a line. */
export async function runTemplates(options: TemplatesOptions): Promise<RenderedTemplate[]> {
  const out = options.union.folder("out");
  removeTree(out);
  mkdir(out, 0o700);
  createFile(`${out}/list`, bytesOf(options.templates.map((name) => `${name}\n`).join("")));
  const complaints: string[] = [];
  const ending = await launch(
    options,
    ["/bin/sh", "-c", DRIVER, "sh", String(options.seconds)],
    {
      env: environmentOf({ ...options.identity, noop: true }),
      timeout: (options.seconds * options.templates.length + GRACE) * 1000,
      signal: options.signal,
      onLine: (line) => void complaints.push(line),
    },
  );
  const results = options.templates.map((template, i) =>
    resultOf(template, `${out}/${i + 1}`, options.seconds)
  );
  const isOver = ending.code === 0 && !ending.signal;
  return isOver ? results : results.map((result) => ({
    ...result,
    error: result.error ?? (result.usage ? undefined : complaints.slice(0, 3).join("; ")),
  }));
}

function resultOf(template: string, base: string, seconds: number): RenderedTemplate {
  const usage = lstat(`${base}.figures`) && parseGnuTime(nameOf(readFile(`${base}.figures`)));
  if (!usage) {
    return { template, content: new Uint8Array(), usage, error: "the sandbox ended before it" };
  }
  const content = readFile(`${base}.out`);
  const outcome = outcomeOf(usage, seconds);
  if (isSuccess(outcome)) return { template, content, usage, error: undefined };
  const said = nameOf(readFile(`${base}.err`)).trim().split("\n").slice(-3).join("; ");
  return {
    template,
    content,
    usage,
    error: [describeOutcome(outcome), said].filter(Boolean).join(": "),
  };
}

/** timeout(1) kills itself with the template: SIGKILL after the full time means it was late. */
function outcomeOf(usage: Usage, seconds: number): Outcome {
  if (usage.time_real >= seconds) return { kind: "late", seconds };
  return usage.signal
    ? { kind: "signaled", signal: usage.signal }
    : { kind: "exited", code: usage.exit };
}
