import { type RunIncident, type RunIncidents, toDocument } from "@otel-lifecycle/incidents";
import { createIncidentStore, MOST_INCIDENTS } from "../incident/incident-store.ts";
import { readIncidentHarvest } from "../input/incident-harvest.ts";
import { renderIncidents } from "../render/incidents-text.ts";
import { screenJson } from "../render/screen-text.ts";
import type { IncidentsCommand } from "./command.ts";
import { colourOf, note } from "./output.ts";
import { readSources } from "./read-sources.ts";

/** Prints the incidents of the inputs. Throws InputError if one of them cannot be used. */
export async function runIncidents({ paths, format }: IncidentsCommand): Promise<void> {
  const store = createIncidentStore();
  const harvests = await readSources(paths, {
    what: "OTLP JSON or incidents",
    read: (bytes) => readIncidentHarvest(bytes, store),
    leftOut: ({ rejected }) =>
      rejected > 0 ? [`incidents of another form left out: ${rejected}`] : [],
  });
  const incidents = store.all();
  if (store.leftOut() > 0)
    note(`only the first ${MOST_INCIDENTS} incidents are here, left out: ${store.leftOut()}`);
  const spans = harvests.reduce((sum, harvest) => sum + harvest.spans, 0);
  if (incidents.length === 0 && spans > 0) note(whereTheyComeFrom(spans));
  process.stdout.write(
    format === "json"
      ? `${screenJson(JSON.stringify(documentOf(incidents)))}\n`
      : renderIncidents(incidents, {
          colour: colourOf(process.stdout),
          columns: process.stdout.columns,
        }),
  );
}

// A document has a bound of its own.
function documentOf(incidents: readonly RunIncident[]): RunIncidents {
  const document = toDocument(incidents);
  const kept = document.run_incidents.length;
  if (kept < incidents.length)
    note(
      `only the first ${kept} incidents are in the document, left out: ${incidents.length - kept}`,
    );
  return document;
}

function whereTheyComeFrom(spans: number): string {
  const tell = spans === 1 ? "1 span tells" : `${spans} spans tell`;
  return `no incident is here, though ${tell} of one: incidents come in OTLP logs, or from the file of recordIncidents()`;
}
