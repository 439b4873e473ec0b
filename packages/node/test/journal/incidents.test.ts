import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { spansOf } from "../../../../test/support/otlp-span.ts";
import { type Afterlife, makeAfterlife, start } from "./lives.ts";

let afterlife: Afterlife;
beforeEach(async () => {
  afterlife = await makeAfterlife();
});
afterEach(() => afterlife.close());

it("the incident of a run whose process is killed is written by the next start, once", async () => {
  const file = join(afterlife.directory, "..", "incidents.jsonl");
  const env = { OTEL_LIFECYCLE_INCIDENTS_FILE: file };
  await start("incidents", { env: { ...afterlife.env, ...env, HOW: "SIGKILL" } }).ended;
  expect(readFileSync(file, "utf8")).toBe("");
  await afterlife.recover(env);
  await afterlife.recover(env);
  const lines = readFileSync(file, "utf8").split("\n");
  const [span] = spansOf(afterlife.receiver.requests).filter(({ name }) => name === "agent run");
  expect(lines.map((line) => line && JSON.parse(line))).toEqual([
    expect.objectContaining({
      run: expect.objectContaining({ id: "r1", span_id: span?.spanId, trace_id: span?.traceId }),
      result: "lost",
      cause: "crash_or_restart_incomplete",
    }),
    "",
  ]);
}, 60_000);
