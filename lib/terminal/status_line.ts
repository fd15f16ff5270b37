/**
 * One line at the end of a terminal that says what is being done, and how far it has come. It is gone
 * with what it is about, and before anything else is printed.
 *
 * @module
 */
import { type Progress, progressText } from "./progress_text.ts";

const CLEAR = "\r\x1b[K";
const EACH_MS = 1000;
/** Progress is shown so often at most. */
const AT_MOST_EACH_MS = 100;

interface Work {
  readonly what: string;
  readonly since: number;
  progress?: Progress;
}

/** Something that goes on. */
export interface Shown {
  /** Say how far it has come; costs next to nothing, however often it is called. */
  show(progress: Progress): void;
  end(): void;
}

/** The line; several things can go on, one inside the other: the innermost is shown. */
export class StatusLine {
  readonly #write: (text: string) => void;
  readonly #works: Work[] = [];
  #isShown = false;
  #drawn = 0;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Something begins. */
  begin(what: string): Shown {
    const work: Work = { what, since: Date.now() };
    this.#works.push(work);
    this.#timer ??= setInterval(() => this.draw(), EACH_MS);
    this.draw();
    return {
      show: (progress) => {
        work.progress = progress;
        if (performance.now() - this.#drawn >= AT_MOST_EACH_MS) this.draw();
      },
      end: () => this.#end(work),
    };
  }

  /** Take the line away, so that another can be printed. */
  hide(): void {
    if (this.#isShown) this.#write(CLEAR);
    this.#isShown = false;
  }

  /** Show what goes on, if anything does. */
  draw(): void {
    const work = this.#works.at(-1);
    if (!work) return;
    this.#drawn = performance.now();
    const seconds = Math.floor((Date.now() - work.since) / 1000);
    // The terminal is asked each time: it may have another size now.
    this.#write(`${CLEAR}${progressText(work.what, seconds, work.progress, columns())}`);
    this.#isShown = true;
  }

  #end(work: Work): void {
    this.#works.splice(this.#works.indexOf(work), 1);
    if (this.#works.length === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.hide();
    this.draw();
  }
}

function columns(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    // Neither standard input nor output is a terminal.
    return 80;
  }
}
