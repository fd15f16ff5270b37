/**
 * One line at the end of a terminal that says what is being done. It is gone with what it is about,
 * and before anything else is printed.
 *
 * @module
 */

const CLEAR = "\r\x1b[K";
const EACH_MS = 1000;

interface Work {
  readonly what: string;
  readonly since: number;
}

/** The line; several things can go on, one inside the other: the innermost is shown. */
export class StatusLine {
  readonly #write: (text: string) => void;
  readonly #works: Work[] = [];
  #isShown = false;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** Something begins; call what is returned when it has ended. */
  begin(what: string): () => void {
    const work = { what, since: Date.now() };
    this.#works.push(work);
    this.#timer ??= setInterval(() => this.draw(), EACH_MS);
    this.draw();
    return () => {
      this.#works.splice(this.#works.indexOf(work), 1);
      if (this.#works.length === 0) {
        clearInterval(this.#timer);
        this.#timer = undefined;
      }
      this.hide();
      this.draw();
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
    const seconds = Math.floor((Date.now() - work.since) / 1000);
    const text = seconds > 0 ? `${work.what} (${seconds} s)` : work.what;
    this.#write(`${CLEAR}${text.slice(0, columns() - 1)}`);
    this.#isShown = true;
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
