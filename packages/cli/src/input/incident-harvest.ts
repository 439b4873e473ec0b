import type { IncidentStore } from "../incident/incident-store.ts";
import { parseIncidents } from "../incident/parse-incidents.ts";
import { type Sifted, siftObjects } from "./sifting.ts";

/** How one input was read for incidents. */
export interface IncidentHarvest extends Sifted {
  /** How many incidents of it were none. */
  readonly rejected: number;
  /** How many spans tell in short of an incident. */
  readonly spans: number;
}

/** Reads incidents off a byte stream into a store, holding one object of it at a time. */
export async function readIncidentHarvest(
  bytes: AsyncIterable<Uint8Array>,
  store: IncidentStore,
): Promise<IncidentHarvest> {
  let [rejected, spans] = [0, 0];
  const sifted = await siftObjects(bytes, (text) => {
    const parsed = parseIncidents(text);
    if (parsed.type === "not_otlp") return parsed.reason;
    store.add(parsed.incidents);
    rejected += parsed.rejected;
    spans += parsed.spans;
    return undefined;
  });
  return { ...sifted, rejected, spans };
}
