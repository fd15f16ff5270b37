/**
 * Runs the bash templates of a ball, all of them in one sandbox.
 *
 * @module
 */
import { SHIM_FOLDER } from "../effects/mod.ts";
import { GNU_TIME_FORMAT, type Usage } from "../metrics/mod.ts";
import { bytesOf, createFile, lstat, nameOf, readEnd, readSmallFile } from "../posix/mod.ts";
import type { SandboxOptions } from "./bubblewrap.ts";
import { refusalIn } from "./complaints.ts";
import { environmentOf, SANDBOX_PATH, type ScriptIdentity } from "./environment.ts";
import { launch } from "./launch.ts";
import { describeOutcome, isSuccess, type Outcome } from "./outcome.ts";
import { outOfMemory, readFigures } from "./script.ts";
import { freshService } from "./service.ts";

/** What to render. */
export interface TemplatesOptions extends SandboxOptions {
  readonly identity: ScriptIdentity;
  /** Relative to the ball's folder `templates`. */
  readonly templates: readonly string[];
  /** Time limit of each template. */
  readonly seconds: number;
  /** Whether a template fails with any of its commands (`BALL/templates/strict`). */
  readonly errorsCount: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What a template printed, or why it failed. */
export interface RenderedTemplate {
  readonly template: string;
  readonly content: Uint8Array<ArrayBuffer>;
  readonly usage: Usage | undefined;
  /** What it printed on standard error, line by line; of much only the end. */
  readonly said: readonly string[];
  /** Undefined when all went well. */
  readonly error: string | undefined;
}

/** How long the whole sandbox may take beyond its templates' own limits, in seconds. */
const GRACE = 10;

/** Bytes that a template may print, or write. */
const MOST_OUTPUT = 64 << 20;
/** Bytes that all templates of a ball may print. */
const MOST_TOGETHER = 256 << 20;
/** Bytes of what a template says on standard error that are looked at, from the end. */
const MOST_SAID = 16_384;
/** Failed and refused commands that are named. */
const MOST_NAMED = 3;
/** Lines of complaints of what runs the templates. */
const MOST_COMPLAINTS = 3;

/**
 * Renders one template after the other into files named by their number. The template's name is
 * read from a file and only ever used in quotes. What its bash reads first notes in the file
 * `/run/disco/out/failed` what must not pass although the template goes on.
 */
const DRIVER = `
ulimit -f ${MOST_OUTPUT / 512}
number=0
while IFS= read -r template; do
  number=$((number + 1))
  DISCO_SCRIPT="templates/$template" DISCO_STRICT="$2" BASH_ENV=${SHIM_FOLDER}/bin/template_env.sh \\
    ${SHIM_FOLDER}/time --format '${GNU_TIME_FORMAT}' --output ${SHIM_FOLDER}/out/$number.figures \\
    /usr/bin/timeout --signal KILL "$1" \\
    /bin/bash "${SHIM_FOLDER}/ball/templates/$template" \\
    > ${SHIM_FOLDER}/out/$number.out 2> ${SHIM_FOLDER}/out/$number.err < /dev/null
  [ ! -e ${SHIM_FOLDER}/out/failed ] ||
    /bin/mv ${SHIM_FOLDER}/out/failed ${SHIM_FOLDER}/out/$number.failed
done < ${SHIM_FOLDER}/out/list
exit 0
`;

/** Run templates; a name with a newline is refused, because the list has one name a line. */
export async function runTemplates(options: TemplatesOptions): Promise<RenderedTemplate[]> {
  const out = options.union.folder("out");
  freshService(options.union, ["out"]);
  createFile(`${out}/list`, bytesOf(options.templates.map((name) => `${name}\n`).join("")));
  const complaints: string[] = [];
  const ending = await launch(
    { ...options, leavesNothing: true },
    ["/bin/sh", "-c", DRIVER, "sh", String(options.seconds), options.errorsCount ? "yes" : ""],
    {
      env: environmentOf({ ...options.identity, noop: true }, SANDBOX_PATH),
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
  const wrong = ending.refusals.find(({ kind }) => kind === "stand-in");
  if (wrong) return results.map((result) => ({ ...result, error: wrong.what }));
  const isOver = ending.code === 0 && !ending.signal && !ending.outOfMemory;
  // What one has found out about its end says more.
  const knowsWhy = !ending.outOfMemory && results.some(({ usage, error }) => usage && error);
  if (isOver || knowsWhy) return results;
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
  const said = linesOf(`${base}.err`);
  const failed = (error: string) => ({ template, content: new Uint8Array(), usage, said, error });
  if (!usage) return failed("it did not run to its end");
  const outcome = outcomeOf(usage, seconds);
  const size = lstat(`${base}.out`)?.size ?? 0;
  if (size >= MOST_OUTPUT) return failed(`it printed more than ${MOST_OUTPUT >> 20} MiB`);
  if (!isSuccess(outcome)) {
    return failed([describeOutcome(outcome), said.slice(-3).join("; ")].filter(Boolean).join(": "));
  }
  const why = whyNot(said, linesOf(`${base}.failed`));
  if (why) return failed(why);
  if (size > room) {
    return failed(
      `the templates of the ball printed more than ${MOST_TOGETHER >> 20} MiB together`,
    );
  }
  const content = readSmallFile(`${base}.out`, MOST_OUTPUT);
  if (!content) return failed("what it printed cannot be read: its file was replaced");
  return { template, content, usage, said, error: undefined };
}

function linesOf(path: string): string[] {
  const text = nameOf(readEnd(path, MOST_SAID) ?? new Uint8Array());
  return text.split("\n").filter((line) => line !== "");
}

/** Why what a template printed is not what it would have been; undefined where nothing shows that. */
function whyNot(said: readonly string[], noted: readonly string[]): string | undefined {
  if (noted.length > 0) {
    const more = noted.length > MOST_NAMED ? ` and ${noted.length - MOST_NAMED} more` : "";
    return noted.slice(0, MOST_NAMED).join("; ") + more;
  }
  const refusal = said.map(refusalIn).find((one) => one !== undefined);
  return refusal && `it was refused ${refusal.what} (${refusal.kind})`;
}

/** timeout(1) kills itself with the template: SIGKILL after the full time means it was late. */
function outcomeOf(usage: Usage, seconds: number): Outcome {
  if (usage.time_real >= seconds) return { kind: "late", seconds };
  return usage.signal
    ? { kind: "signaled", signal: usage.signal }
    : { kind: "exited", code: usage.exit };
}
