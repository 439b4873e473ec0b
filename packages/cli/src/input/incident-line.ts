const INCIDENT_START = /^\{\s*"(?:schema_version"\s*:\s*1\s*,\s*")?incident_id"/;
const DOCUMENT_FIELD = /"run_incidents"\s*:/;

/** Whether a line begins with an incident, as those of JSON Lines do. */
export function beginsIncident(line: string): boolean {
  return INCIDENT_START.test(line);
}

/** Whether a text seems to be of a document of incidents, in which there may be one a line. */
export function isOfDocument(text: string): boolean {
  return DOCUMENT_FIELD.test(text);
}
