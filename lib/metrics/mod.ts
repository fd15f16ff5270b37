/**
 * What the steps of a dance cost: time, memory, input and output.
 *
 * @module
 */
export { GNU_TIME_FORMAT, parseGnuTime, TIME, timedArgv } from "./gnu_time.ts";
export { Meter, type MeterOptions } from "./meter.ts";
export { emptyUsage, type Metric, type Usage, USAGE_FIELDS, type UsageField } from "./metric.ts";
