import { isJsonObject, type JsonObject } from "../../otlp/json-field.ts";
import type { Backend, Page, Search, TimeWindow, TraceAnswer } from "../backend.ts";
import type { HttpAnswer, WholeAnswer } from "../http-answer.ts";
import type { HttpClient } from "../http-client.ts";
import { wordsOf } from "../http-failure.ts";
import { jsonObjectsOf } from "../json-answer.ts";
import { traceAnswerOf, traceIdOf } from "../trace-answer.ts";
import { wrongServer } from "../wrong-server.ts";
import { traceqlOf } from "./traceql.ts";

// Its search answers with a few lines a trace.
const TRACES_PER_PAGE = 1000;

/** Tempo by TraceQL, and by `/api/v2/traces`, or `/api/traces` where that is older, for the traces. */
export function createTempo(client: HttpClient, window: TimeWindow): Backend {
  /** Once it has said that it has no newer one. */
  let isOlder = false;

  async function find(search: Search, within: TimeWindow): Promise<Page> {
    const answer = await client.get("/api/search", {
      q: traceqlOf(search),
      ...boundsOf(within),
      limit: `${TRACES_PER_PAGE}`,
      // One span tells the trace.
      spss: "1",
    });
    if (answer.type === "too_large") return { traceIds: [], isWhole: false };
    const traces = tracesOf(answer);
    if (traces === undefined) throw await refusal(answer);
    return {
      traceIds: traces.flatMap((trace) => traceIdOf(isJsonObject(trace) && trace["traceID"]) ?? []),
      isWhole: traces.length < TRACES_PER_PAGE,
    };
  }

  async function traceOf(traceId: string): Promise<TraceAnswer> {
    const answer = await client.get(`/api/${isOlder ? "" : "v2/"}traces/${traceId}`);
    if (answer.type === "too_large") return answer;
    const [object] = jsonObjectsOf(answer) ?? [];
    const trace =
      answer.status === 200 && object !== undefined ? readTrace(traceId, object) : undefined;
    if (trace !== undefined) return trace;
    // The router's own words; those for a trace that is not there are others.
    if (answer.status === 404 && !isOlder && answer.text.includes("page not found")) {
      isOlder = true;
      return traceOf(traceId);
    }
    if (answer.status === 404) return { type: "absent" };
    throw client.error(`it does not give a trace (${answer.status}): ${wordsOf(answer.text)}`);
  }

  async function services(): Promise<readonly string[] | undefined> {
    const path = "/api/v2/search/tag/resource.service.name/values";
    return valuesOf(await client.get(path, boundsOf(window)));
  }

  async function refusal(answer: WholeAnswer): Promise<Error> {
    if (answer.status !== 400) return wrongServer(client, "Tempo", answer);
    const hint = answer.text.includes("exceeds") ? " (give a shorter --since)" : "";
    return client.error(`Tempo refuses: ${wordsOf(answer.text)}${hint}`);
  }

  return {
    name: "Tempo",
    error: client.error,
    searchesAllServices: true,
    shortestWindowMs: 1000,
    find,
    traceOf,
    services,
    bytes: client.bytes,
  };
}

/** In whole seconds, as Tempo counts, and none of them empty. */
function boundsOf({ fromMs, toMs }: TimeWindow) {
  return { start: `${Math.floor(fromMs / 1000)}`, end: `${Math.ceil(toMs / 1000)}` };
}

/** The list of found traces; Tempo leaves out an empty one. */
function tracesOf(answer: WholeAnswer): readonly unknown[] | undefined {
  const [object] = jsonObjectsOf(answer) ?? [];
  if (answer.status !== 200 || object === undefined) return undefined;
  if (!("traces" in object) && !("metrics" in object)) return undefined;
  const traces = object["traces"] ?? [];
  return Array.isArray(traces) ? traces : undefined;
}

/** `{ trace, status }` of the newer form, or the trace itself; both name the list as Tempo stores it. */
function readTrace(traceId: string, object: JsonObject): TraceAnswer | undefined {
  const trace = isJsonObject(object["trace"]) ? object["trace"] : object;
  const resourceSpans = trace["resourceSpans"] ?? trace["batches"];
  // A trace of which nothing is left is an empty message.
  if (resourceSpans === undefined) return isEmpty(object) ? { type: "absent" } : undefined;
  return traceAnswerOf(traceId, [{ resourceSpans }], { isWhole: object["status"] !== "PARTIAL" });
}

function isEmpty(object: JsonObject): boolean {
  return Object.keys(object).every((key) =>
    ["trace", "metrics", "status", "message"].includes(key),
  );
}

function valuesOf(answer: HttpAnswer): readonly string[] | undefined {
  const [object] = jsonObjectsOf(answer) ?? [];
  const values = object?.["tagValues"];
  if (!Array.isArray(values)) return undefined;
  return values.flatMap((value: unknown) =>
    isJsonObject(value) && typeof value["value"] === "string" ? [value["value"]] : [],
  );
}
