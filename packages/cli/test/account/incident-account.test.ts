import { expect, test } from "vitest";
import { accountOf, renderAccount, toJson } from "../../src/index.ts";
import { pictureOf } from "../../src/page/picture.ts";
import { actionSpan, closedRun, completedRun, stoppedRun, type Value } from "../otlp-builder.ts";
import { spansOf } from "../spans.ts";

const CANCELLED = { "lifecycle.incident.cause": "user_cancel" };
const DISCONNECTED = {
  "lifecycle.incident.cause": "provider_transport_disconnect",
  "lifecycle.incident.subcause": "during_text_generation",
  "lifecycle.incident.phase": "streaming",
  "lifecycle.incident.retry.recommendation": "offer_continue",
};
const BROKE = "the provider's connection broke in the middle of text; offer to continue";

function runWith(attributes: Readonly<Record<string, Value>>) {
  return closedRun(1, "r1", "error", attributes);
}

/** What the account, its document and its picture have of one run's incident. */
function incidentsIn(attributes: Readonly<Record<string, Value>>) {
  const account = accountOf(spansOf(runWith(attributes)));
  const [run] = account.runs;
  const [json] = toJson(account).runs;
  const [drawn] = pictureOf(account).runs;
  return [run?.type === "closed" && run.incident, json?.incident, drawn?.incident];
}

test("a run's incident is in the account, its document and its picture", () => {
  const known = {
    cause: "provider_transport_disconnect",
    subcause: "during_text_generation",
    phase: "streaming",
    recommendation: "offer_continue",
    summary: BROKE,
  };
  expect(incidentsIn(DISCONNECTED)).toStrictEqual([known, known, known]);
});

test("what an incident does not say is null in the document, and not in the picture", () => {
  const summary = "cancelled by the user";
  expect(incidentsIn(CANCELLED)).toStrictEqual([
    {
      cause: "user_cancel",
      subcause: undefined,
      phase: undefined,
      recommendation: undefined,
      summary,
    },
    { cause: "user_cancel", subcause: null, phase: null, recommendation: null, summary },
    { cause: "user_cancel", summary },
  ]);
});

test.each([
  ["no incident", {}],
  ["no cause", { ...DISCONNECTED, "lifecycle.incident.cause": [] }],
  ["a cause that is none", { "lifecycle.incident.cause": "\u001b[2J" }],
])("%s leaves it out", (_, attributes) => {
  expect(incidentsIn(attributes)).toStrictEqual([undefined, undefined, undefined]);
  const account = accountOf(spansOf(runWith(attributes)));
  expect(toJson(account).runs.map((run) => Object.hasOwn(run, "incident"))).toEqual([false]);
  expect(renderAccount(account)).toBe("error   agent run r1\n");
});

test("a run that completed has no incident, whatever its span says", () => {
  const run = completedRun(1, "r1");
  const account = accountOf(
    spansOf({ ...run, attributes: { ...run.attributes, ...DISCONNECTED } }),
  );
  expect(renderAccount(account)).toBe("1 run completed\n");
});

test("its one line stands under the run, and moves no column", () => {
  const stopped = stoppedRun(2, "r1", "01root", 0.2);
  const incident = {
    "lifecycle.incident.cause": "local_lifecycle_close",
    "lifecycle.incident.subcause": "dispose_all",
    "lifecycle.incident.phase": "tool_execution",
    "lifecycle.incident.retry.recommendation": "do_not_retry",
  };
  const spans = spansOf(
    actionSpan(1, "01root", { "lifecycle.action.interrupted_run_count": 2 }),
    { ...stopped, attributes: { ...stopped.attributes, ...incident } },
    stoppedRun(3, "run-2", "01root", 0.1),
    closedRun(4, "r3", "upstream_disconnect", DISCONNECTED),
    closedRun(5, "r4", "user_cancel", CANCELLED),
  );
  expect(renderAccount(accountOf(spans)).split("\n")).toEqual([
    "dispose_all instance_store   POST /global/dispose   2 stopped, slowest 0.2 s   01root",
    "├─ agent run r1      stopped after 0.2 s",
    "│  └─ closed by dispose_all while a tool was running; do not retry",
    "└─ agent run run-2   stopped after 0.1 s",
    "",
    "user_cancel           agent run r4",
    "└─ cancelled by the user",
    "upstream_disconnect   agent run r3",
    `└─ ${BROKE}`,
    "",
  ]);
});

test("what is hostile in it stays out of the line, and is escaped and cut in the picture", () => {
  const hostile = `\u001b[31m${"x".repeat(200)}`;
  const account = accountOf(
    spansOf(
      runWith({
        ...CANCELLED,
        "lifecycle.incident.subcause": hostile,
        "lifecycle.incident.phase": hostile,
      }),
    ),
  );
  expect(renderAccount(account)).toBe("error   agent run r1\n└─ cancelled by the user\n");
  const cut = `\\u001b[31m${"x".repeat(114)}…`;
  expect(pictureOf(account).runs.map(({ incident }) => incident)).toStrictEqual([
    { cause: "user_cancel", subcause: cut, phase: cut, summary: "cancelled by the user" },
  ]);
});
