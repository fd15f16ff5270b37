/**
 * A shape as JSON Schema (draft 2020-12).
 *
 * @module
 */
import { fieldOf, type Shape } from "./shape.ts";

/** The schema of a document. */
export function jsonSchema(title: string, shape: Shape): Record<string, unknown> {
  return { $schema: "https://json-schema.org/draft/2020-12/schema", title, ...schemaOf(shape) };
}

function schemaOf(shape: Shape): Record<string, unknown> {
  switch (shape.kind) {
    case "text":
      return { type: "string", ...most("maxLength", shape.most) };
    case "flag":
      return { type: "boolean" };
    case "number":
      return { type: shape.isWhole ? "integer" : "number" };
    case "time":
      return { type: "string", format: "date-time" };
    case "pattern":
      return {
        ...{ type: "string", description: shape.name, pattern: `^(?:${shape.pattern})$` },
        ...most("maxLength", shape.most),
      };
    case "words":
      return { enum: shape.words };
    case "list":
      return { type: "array", items: schemaOf(shape.of), ...most("maxItems", shape.most) };
    case "map":
      return {
        ...{ type: "object", additionalProperties: schemaOf(shape.of) },
        ...most("maxProperties", shape.most),
      };
    case "nullable":
      return { anyOf: [schemaOf(shape.of), { type: "null" }] };
    case "object": {
      const fields = Object.entries(shape.fields)
        .map(([field, of]) => ({ ...fieldOf(field), of }));
      return {
        type: "object",
        properties: Object.fromEntries(fields.map(({ name, of }) => [name, schemaOf(of)])),
        required: fields.filter(({ isOptional }) => !isOptional).map(({ name }) => name),
        ...shape.isExact ? { additionalProperties: false } : {},
      };
    }
  }
}

function most(name: string, value: number | undefined): Record<string, number> {
  return value === undefined ? {} : { [name]: value };
}
