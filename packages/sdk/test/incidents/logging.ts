import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { logs } from "@opentelemetry/api-logs";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { afterEach } from "vitest";

/** A log record as it is on the wire, its values as JSON has them. */
export interface WireRecord {
  readonly scope: unknown;
  readonly schemaUrl: unknown;
  readonly [field: string]: unknown;
}

/** An HTTP receiver of OTLP/JSON logs, and a real logger provider that exports to it. */
export interface Logging {
  readonly provider: LoggerProvider;
  /** What has arrived, once the provider has flushed. */
  received(): Promise<readonly WireRecord[]>;
}

const servers: Server[] = [];

export const startLogging = async (): Promise<Logging> => {
  const records: WireRecord[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    records.push(...recordsOf(JSON.parse(Buffer.concat(chunks).toString())));
    response.setHeader("content-type", "application/json").end("{}");
  }).listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  // Of a server on TCP it is one.
  const { port } = server.address() as AddressInfo;
  const exporter = new OTLPLogExporter({ url: `http://127.0.0.1:${port}/v1/logs` });
  const provider = new LoggerProvider({
    resource: resourceFromAttributes({}),
    processors: [new BatchLogRecordProcessor({ exporter })],
  });
  return {
    provider,
    received: async () => {
      await provider.forceFlush();
      return records;
    },
  };
};

interface WireRequest {
  readonly resourceLogs: readonly {
    readonly scopeLogs: readonly {
      readonly scope: unknown;
      readonly schemaUrl?: string;
      readonly logRecords: readonly Record<string, unknown>[];
    }[];
  }[];
}

const recordsOf = ({ resourceLogs }: WireRequest): readonly WireRecord[] =>
  resourceLogs.flatMap(({ scopeLogs }) =>
    scopeLogs.flatMap(({ scope, schemaUrl, logRecords }) =>
      logRecords.map((record) => ({
        ...record,
        scope,
        schemaUrl,
        body: plain(record["body"]),
        attributes: plain({ kvlistValue: { values: record["attributes"] } }),
      })),
    ),
  );

/** An `AnyValue` of OTLP as JSON has it; integers may be text on the wire. */
const plain = (value: unknown): unknown => {
  const any = Object(value);
  if ("kvlistValue" in any) {
    const entries: readonly { key: string; value: unknown }[] = any.kvlistValue.values;
    return Object.fromEntries(entries.map(({ key, value: inner }) => [key, plain(inner)]));
  }
  if ("arrayValue" in any) return any.arrayValue.values.map(plain);
  if ("intValue" in any) return Number(any.intValue);
  return any.stringValue ?? any.boolValue ?? any.doubleValue;
};

afterEach(() => {
  logs.disable();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});
