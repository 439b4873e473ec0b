import { readFileSync } from "node:fs";
import { trace } from "@opentelemetry/api";
import * as api from "@otel-lifecycle/api";
import { expect, test } from "vitest";
import { registerHarvest } from "./support/harvest.ts";

const harvest = registerHarvest();
const names = Object.entries(api).filter(([name]) => name.startsWith("ATTR_"));

test("every attribute but OpenTelemetry's own stands under `lifecycle.`, in lower case", () => {
  const others = names.filter(([, name]) => !/^lifecycle(\.[a-z_]+)+$/.test(String(name)));
  expect(Object.fromEntries(others)).toEqual({
    ATTR_ERROR_TYPE: "error.type",
    ATTR_K8S_CONTAINER_STATUS_LAST_TERMINATED_REASON: "k8s.container.status.last_terminated_reason",
    ATTR_PROCESS_EXIT_CODE: "process.exit.code",
  });
});

test("no two constants are one attribute", () => {
  expect(new Set(names.map(([, name]) => name)).size).toBe(names.length);
});

test("our instrumentation scope carries name, version and schema URL", () => {
  api.startRun({ name: "agent run" }).end();
  trace.getTracer("app").startSpan("beside").end();
  const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(harvest.rawSpan("agent run").instrumentationScope).toEqual({
    name: "@otel-lifecycle/api",
    version,
    schemaUrl: api.SCHEMA_URL,
  });
});
