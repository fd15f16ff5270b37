/**
 * Shapes of JSON documents.
 *
 * @module
 */
export { requireShape } from "./check.ts";
export { jsonSchema } from "./json_schema.ts";
export {
  exactly,
  FLAG,
  list,
  map,
  NUMBER,
  object,
  oneOf,
  orNull,
  pattern,
  type Shape,
  text,
  TIME,
  WHOLE,
} from "./shape.ts";
