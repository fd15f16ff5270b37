/**
 * What a step of a dance cost.
 *
 * @module
 */

/** The figures of the original DISCO, in its order; GNU time measures them for a process. */
export const USAGE_FIELDS = [
  "time_real",
  "time_user",
  "time_sys",
  "mem_avg",
  "mem_max",
  "mem_faults_major",
  "mem_faults_minor",
  "io_fsin",
  "io_fsout",
  "io_sockin",
  "io_sockout",
  "io_signals",
  "exit",
] as const;

/** The name of a figure. */
export type UsageField = typeof USAGE_FIELDS[number];

/**
 * The cost of one step. Times are seconds, memory is KiB, `io_fs*` are file system operations,
 * `io_sock*` messages, `io_signals` signals delivered; `exit` is the exit code, 128 + N after
 * signal N, and 1 for a step without a process that failed.
 */
export interface Usage extends Record<UsageField, number> {
  /** The signal that ended the process. */
  signal?: number;
}

/** A measured step: a fetch, a template, a script, a stage. */
export interface Metric extends Usage {
  /** The ball it belongs to, or null for a step of the whole dance. */
  ball: string | null;
  /** The stage of the dance, such as `exec-run`. */
  stage: string;
  /** What was measured: a script, a template, or the stage itself. */
  name: string;
  /** Seconds from the beginning of the dance to the beginning of the step, if known. */
  start?: number;
}

/** A usage in which nothing is known but how it ended. */
export function emptyUsage(exit = 0): Usage {
  const usage = Object.fromEntries(USAGE_FIELDS.map((field) => [field, 0]));
  return { ...usage as Record<UsageField, number>, exit };
}
