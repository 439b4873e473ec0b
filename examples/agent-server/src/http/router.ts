import type { IncomingMessage, RequestListener } from "node:http";
import { SpanKind, trace } from "@opentelemetry/api";
import { readJsonBody } from "./json-body.ts";

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export interface Call {
  /** The route as a template, e.g. `POST /runs/:id/stop`. */
  readonly route: string;
  /** The value that stands where the template says `:id`. */
  readonly id: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export type Route = (call: Call) => Answer | Promise<Answer>;

/** An error that is the caller's: its message is sent back. */
export class RequestError extends Error {
  override readonly name = "RequestError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** A request listener out of a table of routes by template. */
export const createRouter = (routes: Readonly<Record<string, Route>>): RequestListener => {
  const table = Object.entries(routes).map(([template, route]) => ({
    template,
    route,
    pattern: new RegExp(`^${template.replace(":id", "([^/]+)")}$`),
  }));

  const dispatch = async (request: IncomingMessage): Promise<Answer> => {
    const target = `${request.method} ${request.url}`;
    for (const { template, route, pattern } of table) {
      const match = pattern.exec(target);
      if (match === null) continue;
      const answer = (): Promise<Answer> =>
        answered(async () =>
          route({ route: template, id: match[1] ?? "", body: await requireBody(request) }),
        );
      // Asking for the state of things is not worth a trace.
      return request.method === "GET" ? answer() : inServerSpan(template, answer);
    }
    return { status: 404, body: { error: `expected one of: ${Object.keys(routes).join(", ")}` } };
  };

  return async (request, response) => {
    const { status, body } = await dispatch(request);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
};

/** An error is an answer too. */
const answered = async (answer: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await answer();
  } catch (error) {
    const status = error instanceof RequestError ? error.status : 500;
    return { status, body: { error: error instanceof Error ? error.message : "unknown" } };
  }
};

const requireBody = async (request: IncomingMessage): Promise<Call["body"]> => {
  try {
    return await readJsonBody(request);
  } catch (error) {
    throw new RequestError(400, error instanceof Error ? error.message : "unreadable body");
  }
};

/** Stands in for an HTTP instrumentation, so that each action and each run has its request. */
const inServerSpan = (template: string, respond: () => Promise<Answer>): Promise<Answer> => {
  const [method = "", route = ""] = template.split(" ");
  const attributes = { "http.request.method": method, "http.route": route };
  return trace
    .getTracer("agent-server")
    .startActiveSpan(template, { kind: SpanKind.SERVER, attributes }, async (span) => {
      const answer = await respond();
      span.setAttribute("http.response.status_code", answer.status).end();
      return answer;
    });
};
