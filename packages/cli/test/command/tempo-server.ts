import { parser } from "@grafana/lezer-traceql";
import { onTestFinished } from "vitest";
import { type Answering, always, startServer, type TestServer } from "../backend/http-server.ts";
import { otlpRequest, type SpanFixture, TRACE_ID } from "../otlp-builder.ts";

/** How a Tempo differs from a whole one of version 2.10. */
export interface TempoOptions {
  /** It has no `/api/v2/traces`. */
  readonly isOlder?: boolean;
  readonly status?: "PARTIAL";
  readonly services?: readonly string[];
}

/** A Tempo as far as it is asked: what it answers is formed as a Tempo 2.10.8 answered. */
export interface TempoServer extends TestServer {
  /** The TraceQL that it was asked, in order. */
  readonly queries: readonly string[];
}

const QUERY =
  /^\{ (?:resource\.service\.name = ("(?:[^"\\]|\\.)*") && )?span\.([a-z_.]+) = ("(?:[^"\\]|\\.)*") \}$/;
const NOT_FOUND = always(404, "404 page not found\n", {
  "content-type": "text/plain; charset=utf-8",
});

/** Starts it with the spans of one trace, of the service `agent`. */
export async function startTempo(
  spans: readonly SpanFixture[],
  { isOlder = false, status, services = ["agent"] }: TempoOptions = {},
): Promise<TempoServer> {
  const queries: string[] = [];

  const search = (q: string): object => {
    queries.push(q);
    const [, service = '"agent"', attribute = "", value = '""'] = QUERY.exec(q) ?? [];
    const isFound =
      services.includes(JSON.parse(service)) &&
      spans.some(({ attributes }) => attributes[attribute] === JSON.parse(value));
    // Without leading zeros, as Tempo writes it here and only here.
    return { traces: isFound ? [{ traceID: TRACE_ID.replace(/^0+/, "") }] : [], metrics: METRICS };
  };

  const answer = (path: string, parameters: URLSearchParams): object | undefined => {
    if (path === "/api/search") return search(parameters.get("q") ?? "");
    if (path === "/api/v2/search/tag/resource.service.name/values")
      return { tagValues: services.map((value) => ({ type: "string", value })), metrics: METRICS };
    if (path === `/api/traces/${TRACE_ID}`) return { batches: storedSpans(spans) };
    if (path !== `/api/v2/traces/${TRACE_ID}` || isOlder) return undefined;
    return {
      trace: { resourceSpans: storedSpans(spans) },
      metrics: METRICS,
      ...(status && { status }),
    };
  };

  const tempo: Answering = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://tempo");
    const json = answer(pathname, searchParams);
    const respond =
      json === undefined
        ? NOT_FOUND
        : always(200, JSON.stringify(json), { "content-type": "application/json" });
    respond(request, response);
  };
  const server = await startServer(tempo);
  onTestFinished(() => queries.forEach(requireTraceql));
  return { ...server, queries };
}

const METRICS = { inspectedBytes: "4442", completedJobs: 3, totalJobs: 3 };

/** As Tempo gives OTLP: ids in base64, and enumerations by name. */
function storedSpans(spans: readonly SpanFixture[]): unknown {
  const text = JSON.stringify(otlpRequest(...spans).resourceSpans, (key, value: unknown) => {
    if (key === "traceId" || key === "spanId")
      return Buffer.from(String(value), "hex").toString("base64");
    return key === "kind" ? "SPAN_KIND_INTERNAL" : value;
  });
  return JSON.parse(text);
}

function requireTraceql(query: string): void {
  parser.parse(query).iterate({
    enter: ({ type }) => {
      if (type.isError) throw new Error(`not TraceQL: ${query}`);
    },
  });
}
