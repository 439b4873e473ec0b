import {
  actionSpan,
  closedRun,
  completedRun,
  inheritedSpan,
  interruptSpan,
  otherSpan,
  type SpanFixture,
  stoppedRun,
} from "./otlp-builder.ts";

/** The main job: a dispose_all over three runs, with a nested dispose, and one run of each other kind. */
export const DISPOSAL: readonly SpanFixture[] = [
  actionSpan(1, "01root", {
    "lifecycle.action.covered_run_count": 4,
    "lifecycle.action.interrupted_run_count": 3,
    "lifecycle.action.completed_run_count": 1,
  }),
  {
    number: 2,
    name: "dispose instance",
    attributes: {
      "lifecycle.action.id": "01nested",
      "lifecycle.action.kind": "dispose",
      "lifecycle.action.parent_id": "01root",
      "lifecycle.action.root_id": "01root",
      "lifecycle.scope.kind": "instance",
      "lifecycle.scope.key": "9f2c01ab4d5e6f70",
      "lifecycle.action.trigger": "runtime",
      "lifecycle.action.result": "completed",
      "lifecycle.action.covered_run_count": 2,
      "lifecycle.action.other_run_count": 2,
    },
  },
  stoppedRun(3, "r1", "01root", 0.2),
  stoppedRun(4, "r2", "01root", 0.1),
  stoppedRun(5, "r3", "01root", 1.2),
  interruptSpan(6, "r1"),
  interruptSpan(7, "r2"),
  interruptSpan(8, "r3"),
  completedRun(9, "r0"),
  inheritedSpan(10),
  inheritedSpan(11),
  closedRun(20, "r4", "user_cancel", { "lifecycle.close.via": "api" }),
  closedRun(21, "r5", "client_disconnect", { "lifecycle.close.via": "response" }),
  closedRun(22, "r6", "timeout", {
    "lifecycle.run.result": "failed",
    "lifecycle.close.via": "deadline",
    "error.type": "timeout",
  }),
  closedRun(23, "r7", "upstream_disconnect", {
    "lifecycle.run.result": "failed",
    "lifecycle.close.via": "error",
    "error.type": "ECONNRESET",
  }),
  closedRun(24, "r8", "error", {
    "lifecycle.run.result": "failed",
    "lifecycle.close.via": "error",
    "error.type": "TypeError",
  }),
  closedRun(25, "r9", "process_lost", {
    "lifecycle.run.result": "lost",
    "lifecycle.close.via": "journal",
    "lifecycle.run.recovered": true,
    "error.type": "process_lost",
  }),
  closedRun(26, "r10", "unknown_scope_close", {
    "lifecycle.close.confidence": "low",
    "lifecycle.close.missing": ["lifecycle.close_requested"],
  }),
  otherSpan(30),
];
