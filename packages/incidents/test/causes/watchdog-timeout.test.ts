import { expect, test } from "vitest";
import { by, causeOf, ended, incidentOf, propagated, requested } from "../support/tell.ts";

const watchdog = (name: "connect" | "silent_stream") =>
  ({ type: "watchdog_fired", watchdog: name }) as const;
const code = (own: string | undefined, cause?: string) =>
  ({
    error: {
      proof: "timeout",
      ...(own === undefined ? {} : { code: own }),
      ...(cause === undefined ? {} : { causeCode: cause }),
    },
  }) as const;

test.each([
  ["a connect watchdog", ["attempt_started", watchdog("connect"), ended("timeout")], "connect"],
  [
    "a silent stream's",
    ["attempt_started", watchdog("silent_stream"), ended("timeout")],
    "silent_stream",
  ],
  ["one that says no kind", ["attempt_started", "watchdog_fired", ended("timeout")], "unknown"],
  [
    "one that says so after it stopped the run",
    [
      "attempt_started",
      requested(by("timeout")),
      propagated(by("timeout")),
      watchdog("connect"),
      ended("timeout"),
    ],
    "connect",
  ],
  [
    "one before the run went on",
    [watchdog("connect"), "attempt_started", ended("timeout")],
    "unknown",
  ],
  [
    "no connection in time",
    ["attempt_started", ended("timeout", code("UND_ERR_CONNECT_TIMEOUT"))],
    "connect",
  ],
  [
    "the same in a cause",
    ["attempt_started", ended("timeout", code(undefined, "UND_ERR_CONNECT_TIMEOUT"))],
    "connect",
  ],
  [
    "no body in time",
    ["attempt_started", ended("timeout", code("UND_ERR_BODY_TIMEOUT"))],
    "silent_stream",
  ],
  [
    "no headers in time",
    ["attempt_started", ended("timeout", code("UND_ERR_HEADERS_TIMEOUT"))],
    "unknown",
  ],
  [
    "the run's own deadline",
    ["attempt_started", requested(by("timeout")), ended("timeout")],
    "unknown",
  ],
] as const)("%s", (_title, told, subcause) => {
  expect(causeOf(told)).toBe(`watchdog_timeout.${subcause}`);
});

test.each([
  ["the watchdog", [watchdog("connect"), requested(by("timeout"))], "watchdog_fired"],
  ["the deadline", [requested(by("timeout")), watchdog("connect")], "close_requested"],
] as const)("what was first initiated it: %s", (_title, told, type) => {
  const { evidence = [] } = incidentOf([...told, ended("timeout")]) ?? {};
  expect(evidence.filter(({ role }) => role === "initiating").map((one) => one.type)).toEqual([
    type,
  ]);
});
