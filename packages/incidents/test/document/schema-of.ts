import type { Form } from "../../src/document/shape.ts";

/** A form in the words of JSON Schema 2020-12. */
export const schemaOf = (form: Form): object => {
  switch (form.type) {
    case "text":
      return { type: "string", maxLength: form.max, pattern: form.pattern.source };
    case "one_of":
      return { enum: form.values };
    case "constant":
      return { const: form.value };
    case "flag":
      return { type: "boolean" };
    case "number":
      return { type: form.whole ? "integer" : "number", minimum: form.min, maximum: form.max };
    case "list":
      return { type: "array", maxItems: form.max, items: schemaOf(form.item) };
    case "table":
      return {
        type: "object",
        maxProperties: form.max,
        propertyNames: schemaOf(form.key),
        additionalProperties: schemaOf(form.item),
      };
    case "record":
      return {
        type: "object",
        additionalProperties: false,
        required: [...form.fields].flatMap(([name, { isRequired }]) => (isRequired ? [name] : [])),
        properties: Object.fromEntries(
          [...form.fields].map(([name, field]) => [name, schemaOf(field.form)]),
        ),
      };
  }
};
