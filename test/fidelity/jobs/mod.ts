/**
 * All jobs of the fidelity suite.
 *
 * @module
 */
import type { Job } from "../job.ts";
import { DEBIAN } from "./debian.ts";
import { FILES } from "./files.ts";
import { PACKAGES } from "./packages.ts";
import { SETTINGS } from "./settings.ts";

export { CHOWN_NOTHING } from "./files.ts";

export const JOBS: readonly Job[] = [...PACKAGES, ...DEBIAN, ...SETTINGS, ...FILES];
