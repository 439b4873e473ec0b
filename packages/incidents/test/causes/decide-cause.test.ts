import { describe, expect, test } from "vitest";
import {
  by,
  byAction,
  causeOf,
  ended,
  incidentOf,
  propagated,
  requested,
  type Told,
} from "../support/tell.ts";

const FAILURES: readonly (readonly [Told, string])[] = [
  [{ type: "transport_failure" }, "provider_transport_disconnect.before_first_provider_progress"],
  [{ type: "provider_error" }, "provider_api_error"],
  [{ type: "watchdog_fired", watchdog: "silent_stream" }, "watchdog_timeout.silent_stream"],
  [{ type: "request_setup_failed" }, "request_setup_failure"],
  [{ type: "tool_execution_failed", tool: "search" }, "tool_execution_failure"],
];
const typeOf = (told: Told): string => (typeof told === "string" ? told : told.type);

const REQUESTS = [
  ["lifecycle_action", byAction("dispose_all"), "local_lifecycle_close.dispose_all"],
  ["user_cancel", by("user_cancel"), "user_cancel"],
  ["client_disconnect", by("client_disconnect"), "unknown_interruption.client_disconnect"],
  ["timeout", by("timeout"), "watchdog_timeout.unknown"],
  [
    "upstream_disconnect",
    by("upstream_disconnect"),
    "provider_transport_disconnect.before_first_provider_progress",
  ],
] as const;

describe("the class of the close says what the cause may be", () => {
  test.each([
    ...REQUESTS.map(([closeClass, close, cause]) => [closeClass, close, cause] as const),
    [
      "unknown_scope_close",
      by("unknown_scope_close"),
      "local_lifecycle_close.unknown_lifecycle_close",
    ],
  ] as const)("%s, requested", (closeClass, close, cause) => {
    const told = ["attempt_started", requested(close), propagated(close), ended(closeClass)];
    expect(causeOf(told)).toBe(cause);
  });

  test.each([
    ["lifecycle_action", "local_lifecycle_close.unknown_lifecycle_close"],
    ["user_cancel", "user_cancel"],
    ["client_disconnect", "unknown_interruption.client_disconnect"],
    ["timeout", "watchdog_timeout.unknown"],
    ["upstream_disconnect", "provider_transport_disconnect.unknown_stream_phase"],
    ["error", "unknown_interruption"],
    ["unknown_scope_close", "local_lifecycle_close.unknown_lifecycle_close"],
    ["process_lost", "crash_or_restart_incomplete"],
  ] as const)("%s, of which nothing else is known", (closeClass, cause) => {
    expect(causeOf([ended(closeClass)])).toBe(cause);
  });

  test.each(["reload", "dispose", "dispose_directory", "dispose_all", "shutdown", "theme_switch"])(
    "an action that is a %s is named as subcause",
    (kind) => {
      const told = [requested(byAction(kind)), ended("lifecycle_action")];
      expect(causeOf(told)).toBe(`local_lifecycle_close.${kind}`);
    },
  );

  test("a run that was lost while an action closed it is the action's", () => {
    const end: Told = {
      type: "run_ended",
      end: { result: "lost", class: "lifecycle_action", confidence: "high", via: "journal" },
    };
    const incident = incidentOf([requested(byAction("shutdown")), end]);
    expect(incident).toMatchObject({
      result: "lost",
      close: { class: "lifecycle_action", confidence: "high", via: "journal" },
      cause: "local_lifecycle_close",
      subcause: "shutdown",
    });
  });
});

describe("of several failures that stand the one initiated first is the cause", () => {
  for (const [first, cause] of FAILURES) {
    for (const [second] of FAILURES) {
      if (first === second) continue;
      test(`${typeOf(first)}, then ${typeOf(second)}`, () => {
        expect(causeOf(["attempt_started", first, second, ended("error")])).toBe(cause);
      });
    }
  }

  for (const [failure, cause] of FAILURES) {
    test(`${typeOf(failure)} after the run's end changes nothing`, () => {
      const told = ["attempt_started", { type: "finalizer_started" }];
      expect(causeOf([...told, ended("error"), failure])).not.toBe(cause);
    });
  }
});

describe("a request that closed the run is its cause, and a failure is not", () => {
  for (const [closeClass, close, cause] of REQUESTS) {
    for (const [failure] of FAILURES) {
      // What a timeout, or a broken connection, was exactly, a failure may tell.
      if (closeClass === "timeout" && typeOf(failure) === "watchdog_fired") continue;
      test(`${typeOf(failure)} already before ${closeClass}`, () => {
        const told = ["attempt_started", failure, requested(close), propagated(close)];
        expect(causeOf([...told, ended(closeClass)])).toMatch(cause.split(".")[0] ?? "");
      });
      test(`${typeOf(failure)} during ${closeClass}`, () => {
        const told = ["attempt_started", requested(close), failure, propagated(close)];
        expect(causeOf([...told, ended(closeClass)])).toMatch(cause.split(".")[0] ?? "");
      });
      test(`${typeOf(failure)} after ${closeClass}`, () => {
        const told = ["attempt_started", requested(close), propagated(close), failure];
        expect(causeOf([...told, ended(closeClass)])).toBe(cause);
      });
    }
  }
});

describe("where nobody is known to have closed the run", () => {
  const close = by("unknown_scope_close");
  for (const [failure, cause] of FAILURES) {
    test(`${typeOf(failure)} before it was asked is the cause`, () => {
      const told = ["attempt_started", failure, requested(close), propagated(close)];
      expect(causeOf([...told, ended("unknown_scope_close")])).toBe(cause);
    });
    test(`${typeOf(failure)} after it was asked is a consequence`, () => {
      const told = ["attempt_started", requested(close), propagated(close), failure];
      expect(causeOf([...told, ended("unknown_scope_close")])).toBe(
        "local_lifecycle_close.unknown_lifecycle_close",
      );
    });
  }

  const UNKNOWN = "local_lifecycle_close.unknown_lifecycle_close";
  test.each([
    ["transport_failure", "aborted", UNKNOWN],
    ["transport_failure", "reason", UNKNOWN],
    ["transport_failure", "error", "provider_transport_disconnect.before_first_provider_progress"],
    ["request_setup_failed", "aborted", UNKNOWN],
    ["request_setup_failed", "error", "request_setup_failure"],
    ["tool_execution_failed", "aborted", UNKNOWN],
    ["tool_execution_failed", "error", "tool_execution_failure"],
    // These say so themselves, whatever error their client made of it.
    ["provider_error", "aborted", "provider_api_error"],
    ["watchdog_fired", "aborted", "watchdog_timeout.unknown"],
  ] as const)("%s by an error that is no more than %s: %s", (type, proof, cause) => {
    const failed = { type, error: { proof } };
    expect(causeOf(["attempt_started", failed, ended("unknown_scope_close")])).toBe(cause);
  });

  test("what drains from the stream after it was asked takes nothing back", () => {
    const told = ["attempt_started", { type: "watchdog_fired" }, requested(close)];
    const drained = [...told, propagated(close), { type: "text_output_started" }];
    expect(causeOf([...drained, ended("unknown_scope_close")])).toBe("watchdog_timeout.unknown");
  });
});

test("a call that completed before it was executed again, and failed, has failed", () => {
  const call = (type: string) => ({ type, tool: "shell", toolCall: 1 });
  const once = [call("tool_execution_started"), call("tool_execution_completed")];
  const again = [call("tool_execution_started"), call("tool_execution_failed")];
  expect(causeOf([...once, ...again, ended("error")])).toBe("tool_execution_failure");
});

test.each([
  ["goes on behind the failure", 45, "local_lifecycle_close.unknown_lifecycle_close"],
  ["drains once it was asked", 55, "provider_api_error"],
])("a repeat that %s", (_title, lastAt, cause) => {
  const told = [
    "attempt_started",
    { type: "text_output_started", count: 2, lastAt },
    "provider_error",
    "finalizer_started",
    requested(by("unknown_scope_close")),
  ];
  expect(causeOf([...told, ended("unknown_scope_close")])).toBe(cause);
});

test("an end that says neither where nor when it was comes after all that does", () => {
  const loose = { order: undefined, at: undefined };
  const end = { result: "failed", class: "error" } as const;
  expect(
    causeOf([
      { type: "provider_error", order: undefined },
      { type: "run_ended", end, ...loose },
    ] as unknown as readonly Told[]),
  ).toBe("provider_api_error");
});

describe("a failure does not stand if the run went on after it", () => {
  const GOING_ON = [
    "attempt_started",
    "provider_progress",
    "text_output_started",
    "reasoning_output_started",
    "tool_input_started",
    "tool_input_completed",
    "tool_call_materialized",
    "tool_execution_started",
  ];
  const NOT_GOING_ON = [
    "stream_opened",
    "stream_completed",
    "tool_execution_completed",
    "finalizer_started",
    "finalizer_completed",
    "finalizer_failed",
    "of_the_application",
  ];
  for (const [failure, cause] of FAILURES) {
    test.each(GOING_ON)(`${typeOf(failure)}, then %s`, (type) => {
      expect(causeOf(["attempt_started", failure, type, ended("error")])).toBe(
        "unknown_interruption",
      );
    });
    test.each(NOT_GOING_ON)(`${typeOf(failure)} stands though %s came after it`, (type) => {
      expect(causeOf(["attempt_started", failure, type, ended("error")])).toBe(cause);
    });
  }

  test("nor if something that was said before was repeated after it", () => {
    const progress = { type: "provider_progress", count: 2 };
    const failure = { type: "provider_error", at: 30 };
    const until = (lastAt: number) =>
      causeOf(["attempt_started", { ...progress, lastAt }, failure, ended("error")]);
    expect([until(30), until(30.001)]).toEqual(["provider_api_error", "unknown_interruption"]);
  });

  test.each([
    ["another call that began beside it", 1, 2, "tool_execution_failure"],
    ["the same call, begun again", 1, 1, "unknown_interruption"],
    ["a call that nobody numbered", 1, undefined, "unknown_interruption"],
    ["another, where nobody numbered the one that failed", undefined, 2, "unknown_interruption"],
  ])("a tool's failure, then the start of %s", (_title, failed, began, cause) => {
    const of = (toolCall: number | undefined) => (toolCall === undefined ? {} : { toolCall });
    const told = [
      "attempt_started",
      { type: "tool_execution_started", ...of(failed) },
      { type: "tool_execution_failed", ...of(failed) },
      { type: "tool_execution_started", ...of(began) },
      ended("error"),
    ];
    expect(causeOf(told)).toBe(cause);
  });

  test("the failure of the retry stands", () => {
    const told = ["attempt_started", "transport_failure", "attempt_started", "provider_error"];
    expect(causeOf([...told, ended("error")])).toBe("provider_api_error");
  });
});

describe("a user's cancel and an action race", () => {
  const cancel = requested(by("user_cancel"));
  const action = requested(byAction("reload"));
  const USER = { class: "user_cancel" };
  const ACTION = { class: "lifecycle_action", action_id: "reload-1", action_kind: "reload" };
  test.each([
    ["the cancel first", [cancel, action, ended("user_cancel")], "user_cancel", 1, USER],
    [
      "the action first",
      [action, cancel, ended("lifecycle_action")],
      "local_lifecycle_close.reload",
      1,
      ACTION,
    ],
    [
      "the cancel first, and an action that lapsed",
      [action, cancel, ended("user_cancel")],
      "user_cancel",
      2,
      USER,
    ],
  ] as const)("%s", (_title, told, cause, initiating, close) => {
    expect(causeOf(told)).toBe(cause);
    const { evidence = [] } = incidentOf(told) ?? {};
    expect(evidence.filter(({ role }) => role === "initiating")).toEqual([
      { order: initiating, type: "close_requested", source: "test", role: "initiating", close },
    ]);
  });

  test("the action that closed the run is the one that its end names", () => {
    const told = [requested(byAction("reload")), "attempt_started", requested(byAction("dispose"))];
    expect(causeOf([...told, ended("lifecycle_action", byAction("dispose"))])).toBe(
      "local_lifecycle_close.dispose",
    );
    expect(causeOf([...told, ended("lifecycle_action")])).toBe("local_lifecycle_close.reload");
  });
});
