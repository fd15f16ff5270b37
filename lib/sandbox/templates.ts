/**
 * Runs the bash templates of a ball, all of them in one sandbox.
 *
 * @module
 */
import { SHIM_FOLDER } from "../effects/mod.ts";
import { GNU_TIME_FORMAT, type Usage } from "../metrics/mod.ts";
import { bytesOf, createFile, lstat, mkdir, nameOf, readEnd, readSmallFile } from "../posix/mod.ts";
import type { SandboxOptions } from "./bubblewrap.ts";
import { environmentOf, type ScriptIdentity } from "./environment.ts";
import { launch } from "./launch.ts";
import { describeOutcome, isSuccess, type Outcome } from "./outcome.ts";
import { outOfMemory, readFigures } from "./script.ts";
import { takeAway } from "./take_away.ts";

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
/** Bytes that all templates of a ball may print. */
const MOST_TOGETHER = 256 << 20;
/** Bytes of a template's complaints that are looked at, from the end. */
const MOST_SAID = 4096;
/** Lines of complaints of what runs the templates. */
const MOST_COMPLAINTS = 3;

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
exit 0
`;

/** Run templates; a name with a newline is refused, because the list has one name a line. */
export async function runTemplates(options: TemplatesOptions): Promise<RenderedTemplate[]> {
  const out = options.union.folder("out");
  takeAway(options.union, out);
  mkdir(out, 0o700);
  createFile(`${out}/list`, bytesOf(options.templates.map((name) => `${name}\n`).join("")));
  const complaints: string[] = [];
  const ending = await launch(
    { ...options, leavesNothing: true },
    ["/bin/sh", "-c", DRIVER, "sh", String(options.seconds)],
    {
      env: environmentOf({ ...options.identity, noop: true }),
      timeout: (options.seconds * options.templates.length + GRACE) * 1000,
      signal: options.signal,
      onLine: (line) => void (complaints.length < MOST_COMPLAINTS && complaints.push(line)),
    },
  );
  const results: RenderedTemplate[] = [];
  let room = MOST_TOGETHER;
  for (const [i, template] of options.templates.entries()) {
    const result = resultOf(template, `${out}/${i + 1}`, options.seconds, room);
    room -= result.content.length;
    results.push(result);
  }
  const why = ending.outOfMemory
    ? describeOutcome(outOfMemory(options, ending.outOfMemory))
    : complaints.join("; ") || "the sandbox ended before its time";
  const isOver = ending.code === 0 && !ending.signal && !ending.outOfMemory;
  // What one has found out about its end says more.
  if (isOver || results.some(({ usage, error }) => usage && error)) return results;
  return results.map((result) => ({ ...result, error: why }));
}

/** Where it can write, a template can leave anything: only plain files of bounded size are read. */
function resultOf(
  template: string,
  base: string,
  seconds: number,
  room: number,
): RenderedTemplate {
  const usage = readFigures(`${base}.figures`);
  const failed = (error: string) => ({ template, content: new Uint8Array(), usage, error });
  if (!usage) return failed("it did not run to its end");
  const outcome = outcomeOf(usage, seconds);
  const size = lstat(`${base}.out`)?.size ?? 0;
  if (size >= MOST_OUTPUT) return failed(`it printed more than ${MOST_OUTPUT >> 20} MiB`);
  if (!isSuccess(outcome)) {
    const end = nameOf(readEnd(`${base}.err`, MOST_SAID) ?? new Uint8Array());
    const said = end.trim().split("\n").slice(-3).join("; ");
    return failed([describeOutcome(outcome), said].filter(Boolean).join(": "));
  }
  if (size > room) {
    return failed(
      `the templates of the ball printed more than ${MOST_TOGETHER >> 20} MiB together`,
    );
  }
  const content = readSmallFile(`${base}.out`, MOST_OUTPUT);
  if (!content) return failed("what it printed cannot be read: its file was replaced");
  return { template, content, usage, error: undefined };
}

/** timeout(1) kills itself with the template: SIGKILL after the full time means it was late. */
function outcomeOf(usage: Usage, seconds: number): Outcome {
  if (usage.time_real >= seconds) return { kind: "late", seconds };
  return usage.signal
    ? { kind: "signaled", signal: usage.signal }
    : { kind: "exited", code: usage.exit };
}
