import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { startReceiver } from "why-closed";

/** How a program is started. */
export interface Start {
  readonly flags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** How it ended; `output` is the JSON document that it wrote, or what else it wrote. */
export interface Ended {
  readonly status: number | null;
  readonly stderr: string;
  readonly output: unknown;
}

/** A span as it arrived, with its parent's name in the place of ids. */
export interface Arrived {
  readonly name: string;
  readonly parent: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

export const REGISTER = ["--import", "@otel-lifecycle/node/register"];

/** Runs a program of `test/fixtures`, or one given by its whole path, in a process of its own. */
export async function run(program: string, { flags = REGISTER, env = {} }: Start): Promise<Ended> {
  const { ...inherited } = process.env;
  for (const name of Object.keys(inherited))
    if (/^(OTEL|NODE_OPT)/.test(name)) delete inherited[name];
  const path = fileURLToPath(new URL(`../fixtures/${program}`, import.meta.url));
  const child = spawn(process.execPath, [...flags, program.startsWith("/") ? program : path], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [status] = await ended;
  return { status, stderr, output: outputOf(stdout) };
}

function outputOf(stdout: string): unknown {
  try {
    return stdout === "" ? undefined : JSON.parse(stdout);
  } catch {
    return stdout;
  }
}

/** Runs it beside a receiver, which it is told about. */
export async function runAndReceive(
  program: string,
  { env = {}, ...rest }: Start = {},
): Promise<Ended & { readonly spans: readonly Arrived[] }> {
  const receiver = await startReceiver({ port: 0 });
  try {
    const target = {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
    };
    const ended = await run(program, { ...rest, env: { ...target, ...env } });
    return { ...ended, spans: arrived(receiver.requests) };
  } finally {
    await receiver.close();
  }
}

interface OtlpAttribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface OtlpSpan {
  readonly name: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly attributes: readonly OtlpAttribute[];
}
interface OtlpRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}

function arrived(requests: readonly string[]): readonly Arrived[] {
  const resourceSpans = requests.flatMap(
    (request) => (JSON.parse(request) as OtlpRequest).resourceSpans,
  );
  const spans = resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) => scope.spans).map((span) => ({ span, resource })),
  );
  const names = new Map(spans.map(({ span }) => [span.spanId, span.name]));
  return spans.map(({ span, resource }) => ({
    name: span.name,
    parent: span.parentSpanId && (names.get(span.parentSpanId) ?? span.parentSpanId),
    attributes: plain(span.attributes),
    resource: plain(resource.attributes),
  }));
}

const plain = (attributes: readonly OtlpAttribute[]): Readonly<Record<string, unknown>> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));

/** Names and parents, sorted: what most tests compare. */
export const family = (spans: readonly Arrived[]): readonly string[] =>
  spans.map(({ name, parent }) => (parent === undefined ? name : `${parent} > ${name}`)).sort();
