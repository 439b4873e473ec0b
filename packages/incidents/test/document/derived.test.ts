import {
  deriveIncident,
  type Evidence,
  NOTHING_OMITTED,
  type RunRecord,
  readIncidents,
  type SafeFacts,
  toDocument,
  toJsonLine,
} from "@otel-lifecycle/incidents";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KNOWN_TYPES } from "../../src/sanitise/vocabulary.ts";
import { complaintsOf } from "../support/published-schema.ts";

// What a run ended with is told by itself, behind the rest.
const TYPES = Object.keys(KNOWN_TYPES).filter((type) => type !== "run_ended");
const CLOSES = [
  "lifecycle_action",
  "user_cancel",
  "client_disconnect",
  "timeout",
  "upstream_disconnect",
  "error",
  "unknown_scope_close",
  "process_lost",
] as const;
const EFFECTS = ["read_only", "local_file_write", "local_process", "external", "unknown"] as const;

const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
/** What is undefined is left out: the types want it so. */
const fields = <T>(of: Readonly<Record<keyof T, fc.Arbitrary<unknown>>>): fc.Arbitrary<T> =>
  fc
    .record(of as Readonly<Record<string, fc.Arbitrary<unknown>>>)
    .map((all) => JSON.parse(JSON.stringify(all)) as T);

const action = fc.constantFrom("reload", "dispose_all", "shutdown", "compact").map((kind) => ({
  id: "01jnf3v5zk8x2c4m6q9r7s0t1w",
  kind,
  trigger: "http" as const,
  operation: "POST /instances/{id}/dispose",
  scopeKey: "fedcba9876543210",
}));
const error = fields<NonNullable<SafeFacts["error"]>>({
  proof: fc.constantFrom("upstream_disconnect", "aborted", "error"),
  name: maybe(fc.constantFrom("TypeError", "AbortError", "redacted")),
  code: maybe(fc.constantFrom("ECONNRESET", "UND_ERR_SOCKET")),
  causeName: maybe(fc.constant("SocketError")),
  causeCode: maybe(fc.constant("UND_ERR_SOCKET")),
});
const facts = fields<SafeFacts>({
  tool: maybe(fc.constantFrom("task-create", "count_tokens", "redacted")),
  toolCall: maybe(fc.integer({ min: 1, max: 3 })),
  effect: maybe(fc.constantFrom(...EFFECTS)),
  providerExecuted: maybe(fc.boolean()),
  error: maybe(error),
  errorKind: maybe(fc.constantFrom("rate_limit", "invalid_request", "redacted")),
  status: maybe(fc.constantFrom(400, 429, 529)),
  watchdog: maybe(fc.constantFrom("connect", "silent_stream", "unknown")),
  name: maybe(fc.constant("close_files")),
  durationMs: maybe(fc.integer({ min: 0, max: 90_000 })),
  boundary: maybe(
    fc.constantFrom(...EFFECTS).map((effect) => ({
      exposed: 1,
      tools: [{ name: "task-create", effect, providerExecuted: false }],
    })),
  ),
  end: fc.constant(undefined),
  close: maybe(
    fc.record({
      class: fc.constantFrom("lifecycle_action", "user_cancel", "unknown_scope_close"),
      actions: fc.array(action, { maxLength: 8 }),
    }),
  ),
});
const evidence = fields<Evidence>({
  type: fc.constantFrom(...TYPES, "warmed_up"),
  order: maybe(fc.integer({ min: 1, max: 99 })),
  at: maybe(fc.integer({ min: 0, max: 90_000 })),
  lastAt: maybe(fc.integer({ min: 0, max: 90_000 })),
  count: fc.integer({ min: 1, max: 9 }),
  source: fc.constantFrom("provider_stream", "redacted"),
  attempt: fc.integer({ min: 0, max: 3 }),
  facts,
  redactions: fc.constantFrom([], ["tool"], ["error.name", "tools.provider_executed"]),
});
const ending: fc.Arbitrary<Evidence> = fc
  .record({ type: fc.constantFrom(...CLOSES), error: maybe(error), actions: fc.array(action) })
  .map(({ type, error: thrown, actions }) => ({
    type: "run_ended",
    order: 100,
    at: 99_000,
    count: 1,
    source: "lifecycle",
    attempt: 0,
    facts: {
      end: {
        result: type === "process_lost" ? "lost" : "failed",
        class: type,
        confidence: "high",
        via: "registry",
        ...(type === "unknown_scope_close" && { missing: ["lifecycle.close_requested"] }),
      },
      ...(type === "lifecycle_action" && { close: { class: type, actions: actions.slice(0, 8) } }),
      ...(thrown && { error: thrown }),
    },
    redactions: [],
  }));
const record: fc.Arbitrary<RunRecord> = fc
  .record({ ending, evidence: fc.array(evidence, { maxLength: 40 }) })
  .map(({ ending: last, evidence: before }) => ({
    run: {
      id: "docs-3",
      name: "agent run",
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      scopeKind: "directory",
      scopeKey: "0123456789abcdef",
      startedAt: 1_700_000_000_000,
      endedAt: 1_700_000_099_000,
      began: 5,
    },
    evidence: [...before, last],
    omitted: NOTHING_OMITTED,
  }));

test("whatever is derived from safe evidence is exported and read back as it is", () => {
  fc.assert(
    fc.property(record, (given) => {
      const incident = deriveIncident(given);
      if (incident === undefined) throw new Error("no incident of a run that did not complete");
      const document = toDocument([incident]);
      expect(complaintsOf(document)).toEqual([]);
      expect(document.run_incidents).toEqual([incident]);
      expect(readIncidents(toJsonLine(incident))).toEqual({ incidents: [incident], leftOut: 0 });
    }),
    { numRuns: 500 },
  );
});
