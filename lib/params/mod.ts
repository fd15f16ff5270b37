/**
 * Parameters: trees of small files, the path the key and the content the value.
 *
 * @module
 */
export { DISCO_PARAM } from "./disco_param.ts";
export { isKeyComponent, isSecretKey, parseKey } from "./key.ts";
export type { Line } from "./lines.ts";
export { mergeTrees, type ParamsTree } from "./merge.ts";
export { Params, type ParamsObject } from "./template_view.ts";
export { Tree } from "./tree.ts";
