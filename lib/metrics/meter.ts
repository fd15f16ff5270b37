/**
 * Collects what the steps of a dance cost.
 *
 * @module
 */
import type { Usage as ProcessUsage } from "../posix/mod.ts";
import { emptyUsage, type Metric, type Usage } from "./metric.ts";

/** How a {@linkcode Meter} works. */
export interface MeterOptions {
  /** The dance's beginning in milliseconds since 1970; without it, now. */
  began?: number;
  /** Steps that were measured before, by stages that ran alone. */
  metrics?: readonly Metric[];
  /**
   * What this process has used since it began: `usage` of `lib/posix`. Without it a step inside
   * this process has its wall time only.
   */
  usage?: () => ProcessUsage;
}

/** A stop watch that keeps a list. */
export class Meter {
  /** When the dance began, in milliseconds since 1970. */
  readonly began: number;
  readonly #metrics: Metric[];
  readonly #usage: (() => ProcessUsage) | undefined;

  /** Start the watch. */
  constructor(options: MeterOptions = {}) {
    this.began = options.began ?? now();
    this.#metrics = [...(options.metrics ?? [])];
    this.#usage = options.usage;
  }

  /** What was measured so far, in the order in which the steps ended. */
  get list(): readonly Metric[] {
    return this.#metrics;
  }

  /** Seconds since the dance began: the `start` of a step that begins now. */
  clock(): number {
    return Math.max(0, now() - this.began) / 1000;
  }

  /** Keep a step that was measured elsewhere, such as a process under GNU time. */
  add(metric: Metric): void {
    this.#metrics.push(metric);
  }

  /**
   * Measure a step inside this process and return, or throw, what it does. If `fn` returns a
   * promise, the step ends when the promise settles.
   */
  measure<T>(stage: string, name: string, ball: string | null, fn: () => T): T {
    const end = this.#begin(stage, name, ball);
    let result: T;
    try {
      result = fn();
    } catch (error) {
      end(1);
      throw error;
    }
    if (!(result instanceof Promise)) {
      end(0);
      return result;
    }
    return result.then(
      (value) => (end(0), value),
      (error) => {
        end(1);
        throw error;
      },
    ) as T;
  }

  #begin(stage: string, name: string, ball: string | null): (exit: number) => void {
    const start = this.clock();
    const from = performance.now();
    const before = this.#usage?.();
    return (exit) => {
      const time_real = (performance.now() - from) / 1000;
      const used = before && this.#usage ? difference(before, this.#usage()) : {};
      this.add({ ball, stage, name, start, ...emptyUsage(exit), ...used, time_real, exit });
    };
  }
}

function difference(before: ProcessUsage, after: ProcessUsage): Partial<Usage> {
  return {
    time_user: after.user - before.user,
    time_sys: after.sys - before.sys,
    mem_max: after.maxRss,
    mem_faults_major: after.majorFaults - before.majorFaults,
    mem_faults_minor: after.minorFaults - before.minorFaults,
    io_fsin: after.blocksIn - before.blocksIn,
    io_fsout: after.blocksOut - before.blocksOut,
  };
}

function now(): number {
  return performance.timeOrigin + performance.now();
}
