import { fieldOf, isJsonObject, type JsonObject } from "../../otlp/json-field.ts";
import type { Backend, Page, Search, TimeWindow, TraceAnswer } from "../backend.ts";
import type { HttpAnswer } from "../http-answer.ts";
import type { HttpClient } from "../http-client.ts";
import { wordsOf } from "../http-failure.ts";
import { jsonObjectsOf } from "../json-answer.ts";
import { traceAnswerOf, traceIdOf } from "../trace-answer.ts";
import { wrongServer } from "../wrong-server.ts";

// Its search answers with whole traces; this many is also what it answers with by itself.
const TRACES_PER_PAGE = 100;

/** Jaeger by the API of its UI for the search, and by `/api/v3`, which is OTLP, for the traces. */
export function createJaeger(client: HttpClient): Backend {
  async function find(search: Search, window: TimeWindow): Promise<Page> {
    const answer = await client.get("/api/traces", searchParameters(search, window));
    // Halved, the window gives smaller answers.
    if (answer.type === "too_large") return { traceIds: [], isWhole: false };
    const traces = listOf(answer);
    if (traces === undefined) throw await refusal(answer);
    return {
      traceIds: traces.flatMap((trace) => traceIdOf(isJsonObject(trace) && trace["traceID"]) ?? []),
      isWhole: traces.length < TRACES_PER_PAGE,
    };
  }

  async function traceOf(traceId: string): Promise<TraceAnswer> {
    // As stored: Jaeger can be told to move the times of spans that do not fit into their parents.
    const answer = await client.get(`/api/v3/traces/${traceId}`, { raw_traces: "true" });
    if (answer.type === "too_large") return answer;
    const objects = jsonObjectsOf(answer);
    if (answer.status === 404 && objects?.some(isNotFound)) return { type: "absent" };
    if (answer.status >= 500)
      throw client.error(`it failed (${answer.status}): ${wordsOf(answer.text)}`);
    const results = objects?.map((object) => object["result"]);
    const trace = results?.every(isJsonObject)
      ? traceAnswerOf(traceId, results, { isWhole: true })
      : undefined;
    // The search worked, so it is a Jaeger.
    if (trace === undefined)
      throw client.error(
        `its /api/v3/traces does not answer with traces (${answer.status}): a Jaeger from before 1.53, or a proxy?`,
      );
    return trace;
  }

  async function services(): Promise<readonly string[]> {
    const answer = await client.get("/api/services");
    const known = listOf(answer);
    if (known === undefined) throw await refusal(answer);
    return known.filter((name) => typeof name === "string");
  }

  async function refusal(answer: HttpAnswer): Promise<Error> {
    if (answer.type === "whole" && hasErrors(answer))
      return client.error(`Jaeger refuses (${answer.status}): ${wordsOf(answer.text)}`);
    return wrongServer(client, "Jaeger", answer);
  }

  return {
    name: "Jaeger",
    error: client.error,
    searchesAllServices: false,
    shortestWindowMs: 1,
    find,
    traceOf,
    services,
    bytes: client.bytes,
  };
}

function searchParameters({ attribute, value, service }: Search, { fromMs, toMs }: TimeWindow) {
  return {
    service: service ?? "",
    // As JSON, whatever is in the value stays a value.
    tags: JSON.stringify({ [attribute]: value }),
    start: `${fromMs * 1000}`,
    end: `${toMs * 1000}`,
    limit: `${TRACES_PER_PAGE}`,
  };
}

/** The list in `data`; null stands for an empty one. */
function listOf(answer: HttpAnswer): readonly unknown[] | undefined {
  const [object] = jsonObjectsOf(answer) ?? [];
  if (answer.type !== "whole" || answer.status !== 200 || object === undefined) return undefined;
  if (!("data" in object)) return undefined;
  const list = object["data"] ?? [];
  return Array.isArray(list) ? list : undefined;
}

function hasErrors(answer: HttpAnswer): boolean {
  const [object] = jsonObjectsOf(answer) ?? [];
  return object !== undefined && Array.isArray(object["errors"]);
}

function isNotFound(object: JsonObject): boolean {
  return isJsonObject(fieldOf(object, "error"));
}
