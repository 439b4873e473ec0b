import { expect, test } from "vitest";
import { accountOf, renderAccount } from "../../src/index.ts";
import { actionSpan, closedRun, type SpanFixture, stoppedRun } from "../otlp-builder.ts";
import { spansOf } from "../spans.ts";

/** The account's lines where each span is of the service beside it. */
function linesOf(...spans: readonly (readonly [SpanFixture, string | undefined])[]) {
  const read = spans.flatMap(([fixture, service]) =>
    spansOf(fixture).map((span) => ({ ...span, service })),
  );
  return renderAccount(accountOf(read)).trimEnd().split("\n");
}

const ACTION = actionSpan(1, "01root");
const NESTED = actionSpan(2, "01nested", {
  "lifecycle.action.parent_id": "01root",
  "lifecycle.action.kind": "shutdown",
  "lifecycle.scope.kind": "process",
});

test("of one service none is named", () => {
  expect(
    linesOf(
      [ACTION, "web"],
      [stoppedRun(3, "r1", "01root", 1), "web"],
      [closedRun(4, "r2", "error"), "web"],
    ),
  ).toEqual([
    "dispose_all instance_store   POST /global/dispose   1 stopped, slowest 1.0 s   01root",
    "└─ agent run r1   stopped after 1.0 s",
    "",
    "error   agent run r2",
  ]);
});

test("of several each row names its own, unless the action above has said it", () => {
  expect(
    linesOf(
      [ACTION, "web"],
      [NESTED, "worker"],
      [stoppedRun(3, "r1", "01root", 1), "web"],
      [stoppedRun(4, "r2", "01root", 1), "worker"],
      [stoppedRun(5, "r3", "01nested", 1), "worker"],
      [stoppedRun(6, "r4", "01nested", 1), "web"],
      [stoppedRun(7, "r5", "01gone", 1), "cron"],
      [closedRun(8, "r6", "error"), "web"],
      [closedRun(9, "r7", "error"), undefined],
    ),
  ).toEqual([
    "dispose_all instance_store in web   POST /global/dispose   2 stopped, slowest 1.0 s                 01root",
    "├─ agent run r1                 stopped after 1.0 s",
    "├─ agent run r2 in worker       stopped after 1.0 s",
    "└─ shutdown process in worker   POST /global/dispose   nested, 2 stopped, slowest 1.0 s   01nested",
    "   ├─ agent run r3          stopped after 1.0 s",
    "   └─ agent run r4 in web   stopped after 1.0 s",
    "dispose_all                         http                   the action's span is not in this input   01gone",
    "└─ agent run r5 in cron   stopped after 1.0 s",
    "",
    "error   agent run r6 in web",
    "error   agent run r7",
  ]);
});

test("a hostile name of a service is made harmless, and cut", () => {
  const [line] = linesOf(
    [closedRun(1, "r1", "error"), "\u001b[2J".repeat(100)],
    [closedRun(2, "r2", "error"), "web"],
  );
  expect(line).not.toMatch(/\p{Cc}/u);
  expect(line?.length).toBeLessThan(250);
});
