import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

/** The schema as it is published. */
export const publishedSchema = JSON.parse(
  readFileSync(new URL("../../run-incidents.schema.json", import.meta.url), "utf8"),
);

const validate = new Ajv2020({ strict: true }).compile(publishedSchema);

/** What the schema has against a document; nothing, if it is one. */
export const complaintsOf = (document: unknown): readonly string[] =>
  validate(JSON.parse(JSON.stringify(document)))
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);

/** The same of a single incident. */
export const complaintsOfIncident = (incident: unknown): readonly string[] =>
  complaintsOf({ schema_version: 1, run_incidents: [incident] });
