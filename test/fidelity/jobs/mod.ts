/**
 * All jobs of the fidelity suite.
 *
 * @module
 */
import type { Job } from "../job.ts";
import { DEBIAN } from "./debian.ts";
import { CHOWN_NOTHING, FILES } from "./files.ts";
import { GROUND } from "./ground.ts";
import { MACHINE } from "./machine.ts";
import { PACKAGES } from "./packages.ts";
import { SERVICES } from "./services.ts";
import { SETTINGS } from "./settings.ts";

export { CHOWN_NOTHING };

/** In the order of the rooms that they are about. */
export const JOBS: readonly Job[] = [
  ...PACKAGES,
  ...DEBIAN,
  ...SETTINGS,
  ...FILES,
  ...SERVICES,
  ...MACHINE,
  ...GROUND,
];

/** What "deno task test" does of them: the first of each file, and the one that is measured. */
export const SAMPLE: readonly Job[] = [
  ...[PACKAGES, DEBIAN, SETTINGS, FILES, SERVICES, MACHINE, GROUND].map(([job]) => job!),
  ...FILES.filter((job) => job === CHOWN_NOTHING),
];
