import type { RunIncident } from "@otel-lifecycle/incidents";

/** Incidents as they are exported: what the tests of this package read. */

/** A stream that broke off while the model wrote text, at its second attempt. */
export const DISCONNECT: RunIncident = {
  schema_version: 1,
  incident_id: "incident:0af7651916cd43dd8448eb211c80319c:00000000000000a1",
  run: {
    id: "docs-1",
    name: "agent run",
    trace_id: "0af7651916cd43dd8448eb211c80319c",
    span_id: "00000000000000a1",
    scope_kind: "directory",
    scope_key: "6f8f58da01ab23cd",
    started_at: "2026-11-22T12:00:01.000Z",
    ended_at: "2026-11-22T12:00:02.250Z",
  },
  result: "failed",
  close: { class: "upstream_disconnect", confidence: "high", via: "error" },
  cause: "provider_transport_disconnect",
  subcause: "during_text_generation",
  phases: { run: "streaming", stream: "text_generation", tool: "none" },
  facts: {
    attempts: 2,
    terminal_attempt: 2,
    stream: { opened: true, progress: true, text: true, reasoning: false, completed: false },
    tools: {
      input_pending: 0,
      not_executed: 0,
      running: 0,
      interrupted: 0,
      completed: 0,
      failed: 0,
    },
    side_effects: {
      happened: [],
      pending: [],
      boundary: "classified",
      exposed: 3,
      provider_executed: false,
    },
    finalizers: { completed: 1, failed: 0, pending: 0 },
    retryable: true,
  },
  retry: {
    recommendation: "offer_continue",
    confidence: "high",
    reason: "text_was_visible",
    unknown: [],
  },
  summary: "the provider's connection broke in the middle of text; offer to continue",
  chain: { actions: [], gaps: [] },
  gaps: [],
  affected_directory_keys: [],
  evidence: [
    { order: 1, type: "attempt_started", source: "provider_stream", attempt: 1, time: 0.002 },
    {
      order: 5,
      type: "text_output_started",
      source: "provider_stream",
      attempt: 2,
      time: 0.31,
      omitted_before: 3,
    },
    {
      order: 6,
      type: "provider_progress",
      source: "provider_stream",
      attempt: 2,
      time: 0.311,
      count: 18,
    },
    {
      order: 7,
      type: "transport_failure",
      source: "provider_stream",
      attempt: 2,
      time: 1.2,
      role: "initiating",
      error: { proof: "upstream_disconnect", name: "SocketError", code: "UND_ERR_SOCKET" },
    },
    { order: 8, type: "finalizer_completed", source: "lifecycle", name: "save", duration: 0.04 },
    { order: 9, type: "run_ended", source: "lifecycle", time: 1.25, role: "terminal" },
  ],
  omitted: { total: 3, by_type: { attempt_started: 1, provider_progress: 2 } },
  redactions: [],
  classification: "external_stream_disconnect",
  summary_key: "external_stream_disconnect.provider_progress_socket_closed",
  retry_safety: {
    recommendation: "ask_user",
    confidence: "high",
    reason: "text_was_visible",
  },
};

/** A dispose that came while a tool wrote to a file, and a call stood that nobody had executed. */
export const DISPOSED: RunIncident = {
  schema_version: 1,
  incident_id: "incident:0af7651916cd43dd8448eb211c80319c:00000000000000a2",
  run: {
    id: "shop-3",
    name: "agent run",
    trace_id: "0af7651916cd43dd8448eb211c80319c",
    span_id: "00000000000000a2",
    scope_kind: "directory",
    started_at: "2026-11-22T12:00:00.000Z",
    ended_at: "2026-11-22T12:01:05.500Z",
  },
  result: "interrupted",
  close: { class: "lifecycle_action", confidence: "high", via: "registry" },
  cause: "local_lifecycle_close",
  subcause: "dispose_all",
  phases: { run: "tool_execution", stream: "after_tool_call", tool: "tool_execution_started" },
  facts: {
    attempts: 1,
    terminal_attempt: 1,
    stream: { opened: true, progress: true, text: false, reasoning: true, completed: true },
    tools: {
      input_pending: 1,
      not_executed: 1,
      running: 0,
      interrupted: 1,
      completed: 2,
      failed: 1,
    },
    side_effects: {
      happened: ["read_only", "local_file_write"],
      pending: ["external"],
      boundary: "unclassified",
      provider_executed: true,
    },
    finalizers: { completed: 0, failed: 1, pending: 1 },
  },
  retry: {
    recommendation: "do_not_retry",
    confidence: "high",
    reason: "lifecycle_close",
    unknown: ["side_effect.boundary_unknown"],
  },
  summary: "closed by dispose_all while a tool was running; do not retry",
  chain: {
    actions: [
      {
        id: "01jd2k3m4n5p6q7r8s9t0v1w2y",
        kind: "dispose",
        trigger: "unknown",
        scope_kind: "instance",
        scope_key: "6f8f58da01ab23cd",
      },
      {
        id: "01jd2k3m4n5p6q7r8s9t0v1w2x",
        kind: "dispose_all",
        trigger: "http",
        operation: "POST /global/dispose",
        initiator: "user",
        scope_kind: "instance_store",
      },
    ],
    nearest_origin: {
      trigger: "http",
      action_id: "01jd2k3m4n5p6q7r8s9t0v1w2x",
      operation: "POST /global/dispose",
      initiator: "user",
    },
    nearest_request: {
      method: "POST",
      route: "/global/dispose",
      action_id: "01jd2k3m4n5p6q7r8s9t0v1w2x",
    },
    gaps: ["lifecycle.request_context_missing"],
  },
  gaps: ["side_effect.boundary_unknown", "tool_input.start_missing"],
  affected_directory_keys: ["6f8f58da01ab23cd"],
  evidence: [
    {
      order: 1,
      type: "tool_execution_started",
      source: "tool_runner",
      time: 0.5,
      tool: "write_file",
      tool_call: 2,
      effect: "local_file_write",
    },
    {
      order: 2,
      type: "close_requested",
      source: "lifecycle",
      time: 65.2,
      role: "initiating",
      close: { class: "lifecycle_action", action_kind: "dispose" },
    },
    {
      order: 3,
      type: "pending_tool_interrupted",
      source: "tool_runner",
      time: 65.4,
      tool: "redacted",
      tool_call: 2,
      redactions: ["tool"],
    },
    { order: 4, type: "run_ended", source: "lifecycle", time: 65.5, role: "terminal" },
  ],
  omitted: { total: 0, by_type: {} },
  redactions: ["evidence.tool"],
  classification: "local_instance_dispose",
  summary_key: "local_instance_dispose.lifecycle_close",
  retry_safety: {
    recommendation: "do_not_auto_retry",
    confidence: "high",
    reason: "lifecycle_close",
  },
};

/** What is known of a run whose process died: next to nothing. */
export const CRASHED: RunIncident = {
  schema_version: 1,
  incident_id: "incident:crashed",
  run: { name: "agent run" },
  result: "lost",
  close: { class: "process_lost", confidence: "medium", via: "journal" },
  cause: "crash_or_restart_incomplete",
  phases: { run: "unknown", stream: "unknown", tool: "unknown" },
  facts: {
    attempts: 0,
    stream: { opened: false, progress: false, text: false, reasoning: false, completed: false },
    tools: {
      input_pending: 0,
      not_executed: 0,
      running: 0,
      interrupted: 0,
      completed: 0,
      failed: 0,
    },
    side_effects: { happened: [], pending: [], boundary: "unknown", provider_executed: false },
    finalizers: { completed: 0, failed: 0, pending: 0 },
  },
  retry: {
    recommendation: "ask_user_before_retry",
    confidence: "low",
    reason: "evidence_incomplete",
    unknown: ["side_effect.boundary_unknown"],
  },
  summary: "the process was lost; ask the user before a retry",
  chain: { actions: [], gaps: [] },
  gaps: ["side_effect.boundary_unknown"],
  affected_directory_keys: [],
  evidence: [],
  omitted: { total: 0, by_type: {} },
  redactions: [],
  classification: "unknown_failure",
  summary_key: "unknown_failure.unknown",
  retry_safety: { recommendation: "unknown", confidence: "low", reason: "evidence_incomplete" },
};

/** An ExportLogsServiceRequest whose records carry the incidents as their bodies. */
function logsRequest(...incidents: readonly unknown[]) {
  return {
    resourceLogs: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "agent" } }] },
        scopeLogs: [{ scope: { name: "@otel-lifecycle/sdk" }, logRecords: incidents.map(record) }],
      },
    ],
  };
}

/** The same as one line of JSON. */
export function logsLine(...incidents: readonly unknown[]): string {
  return JSON.stringify(logsRequest(...incidents));
}

function record(incident: unknown) {
  return {
    timeUnixNano: "1700000000000000000",
    severityNumber: 13,
    eventName: "lifecycle.run.incident",
    body: anyValue(incident),
    attributes: [],
  };
}

/** A value as an AnyValue of OTLP's JSON, whose 64-bit integers are strings. */
export function anyValue(value: unknown): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (typeof value !== "object" || value === null) return {};
  const entries = Object.entries(value).map(([key, held]) => ({ key, value: anyValue(held) }));
  return { kvlistValue: { values: entries } };
}
