/**
 * Balls into a tree: files delivered, templates rendered and placed, permissions set. The tree is
 * the directory at which the union is mounted.
 *
 * @module
 */
export { deliverFiles } from "./deliver.ts";
export { type EtaOptions, EtaRenderer, type Rendered, type TemplateView } from "./eta.ts";
export type { Evaluator } from "./evaluator.ts";
export { expectedRenderer, rememberTemplates } from "./expect.ts";
export type { RenderOptions } from "./job.ts";
export { applyPermissions } from "./permissions.ts";
export { placeTemplates } from "./place.ts";
export { REFUSED } from "./refused.ts";
export { bashTemplates, etaTemplates, outputOf } from "./templates.ts";
