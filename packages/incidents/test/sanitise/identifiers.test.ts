import { describe, expect, test } from "vitest";
import {
  isActionId,
  isKindName,
  isRunId,
  isScopeKey,
  isSignalName,
  isSpanId,
  isToolCallId,
  isTraceId,
} from "../../dist/sanitise/identifiers.js";
import { isAttempt, isDuration, isStatus } from "../../dist/sanitise/numbers.js";
import { isOperation } from "../../dist/sanitise/operation.js";

describe("rule 36: an identifier is told by its one form", () => {
  test.each([
    [isRunId, "docs-3", true],
    [isRunId, "r1", true],
    [isRunId, "0b7c8d1e-3f4a-4b5c-8d6e-7f8091a2b3c4", true],
    [isRunId, "0b7c8d1e-3f4a-0b5c-8d6e-7f8091a2b3c4", false],
    [isRunId, "01ARZ3NDEKTSV4RRFFQ69G5FAV", true],
    [isRunId, "01ARZ3NDEKTSV4RRFFQ69G5FA", false],
    [isRunId, "anna@example.com", false],
    [isActionId, "a".repeat(26), true],
    [isActionId, "a".repeat(25), false],
    [isActionId, "a".repeat(27), false],
    [isActionId, "A".repeat(26), false],
    [isTraceId, "a".repeat(32), true],
    [isTraceId, "a".repeat(33), false],
    [isTraceId, "0".repeat(32), false],
    [isSpanId, "a".repeat(16), true],
    [isSpanId, "0".repeat(16), false],
    [isScopeKey, "0".repeat(16), true],
    [isScopeKey, "a".repeat(17), false],
    [isKindName, "dispose_all", true],
    [isKindName, "_other", true],
    [isKindName, "abababababababab_abababababababa", true],
    [isKindName, "abababababababab_abababababababab", false],
    [isKindName, "DisposeAll", false],
    [isSignalName, "SIGTERM", true],
    [isSignalName, "SIG", false],
    [isToolCallId, "call_9f2c|fc_1=", true],
    [isToolCallId, "c".repeat(128), true],
    [isToolCallId, "c".repeat(129), false],
    [isToolCallId, "two words", false],
    [isAttempt, 1, true],
    [isAttempt, 0, false],
    [isAttempt, 10_000, true],
    [isAttempt, 10_001, false],
    [isAttempt, 1.5, false],
    [isStatus, 100, true],
    [isStatus, 99, false],
    [isStatus, 599, true],
    [isStatus, 600, false],
    [isDuration, 0, true],
    [isDuration, -1, false],
    [isDuration, 8_640_000_000, true],
    [isDuration, 8_640_000_001, false],
    [isDuration, Number.NaN, false],
    [isDuration, Number.POSITIVE_INFINITY, false],
  ])("%o of %j: %j", (isAllowed: (value: unknown) => boolean, value, expected) => {
    expect(isAllowed(value)).toBe(expected);
  });

  test.each([
    ["POST /global/dispose", true],
    ["GET /", true],
    ["DELETE /users/{id}/runs/:run/[...rest]/*/", true],
    ["Config.update", true],
    ["BREW /pot", false],
    ["POST /users//runs", false],
    ["POST /users/anna@example.com", false],
    ["POST /users/0b7c8d1e-3f4a-4b5c-8d6e-7f8091a2b3c4", false],
    ["POST /login?token=1", false],
    ["POST /users/{ghp_16C7e42F292c6912E7}", false],
    [`POST ${"/abcdefg".repeat(11)}/abcdef`, true],
    [`POST ${"/abcdefg".repeat(11)}/abcdefg`, false],
  ])("the operation %s: %j", (operation, expected) => {
    expect(isOperation(operation)).toBe(expected);
  });
});
