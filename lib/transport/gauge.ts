/**
 * How far a fetch has come, by what rsync prints with `--info=progress2`. rsync lists large trees
 * while it transfers them: how many entries there are is known once it says `to-chk`, not `ir-chk`.
 *
 * @module
 */

/** How far one step of a fetch has come. */
export interface FetchProgress {
  /** As the steps are named, such as `balls wave 1`. */
  readonly step: string;
  /** Entries that were looked at. */
  readonly done: number;
  /** All entries, where it is known. */
  readonly total: number | undefined;
  /** Bytes of the content of files. */
  readonly bytes: number;
}

interface Reading {
  done: number;
  total: number | undefined;
  bytes: number;
}

/** The option with which rsync prints what a gauge reads. */
export const PROGRESS = "--info=progress2";

const LINE = /^ *(\d+) +\d+% .*?(?:\(xfr#\d+, (to|ir)-chk=(\d+)\/(\d+)\) *)?$/;

/** Adds up what the calls of a step print. */
export class Gauge {
  readonly #onProgress: (progress: FetchProgress) => void;
  #step = "";
  #calls = 1;
  #readings: Reading[] = [];

  constructor(onProgress: (progress: FetchProgress) => void) {
    this.#onProgress = onProgress;
  }

  /** A step begins. */
  begin(step: string): void {
    this.#step = step;
    this.expect(1);
    this.#tell();
  }

  /** So many calls will bring what is wanted now. */
  expect(calls: number): void {
    this.#calls = calls;
    this.#readings = [];
  }

  /** A call begins; what is returned reads a line, and says whether it was one of progress. */
  call(): (line: string) => boolean {
    const reading: Reading = { done: 0, total: undefined, bytes: 0 };
    this.#readings.push(reading);
    return (line) => {
      const found = LINE.exec(line);
      if (!found) return false;
      reading.bytes = Number(found[1]);
      if (found[2] !== undefined) {
        const [left, listed] = [Number(found[3]), Number(found[4])];
        reading.done = listed - left;
        reading.total = found[2] === "to" ? listed : undefined;
      }
      this.#tell();
      return true;
    };
  }

  #tell(): void {
    const readings = this.#readings;
    const sum = (of: (reading: Reading) => number) =>
      readings.reduce((all, reading) => all + of(reading), 0);
    const isKnown = readings.length === this.#calls &&
      readings.every(({ total }) => total !== undefined);
    this.#onProgress({
      step: this.#step,
      done: sum(({ done }) => done),
      total: isKnown ? sum(({ total }) => total!) : undefined,
      bytes: sum(({ bytes }) => bytes),
    });
  }
}
