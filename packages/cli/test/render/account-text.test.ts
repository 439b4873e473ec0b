import { expect, test } from "vitest";
import { accountOf, type RenderOptions, renderAccount } from "../../src/index.ts";
import { DISPOSAL } from "../disposal.ts";
import {
  actionSpan,
  closedRun,
  completedRun,
  inheritedSpan,
  type SpanFixture,
  stoppedRun,
} from "../otlp-builder.ts";
import { spansOf } from "../spans.ts";

function textOf(fixtures: readonly SpanFixture[], options?: RenderOptions): readonly string[] {
  return renderAccount(accountOf(spansOf(...fixtures)), options).split("\n");
}

function times<Item>(count: number, itemOf: (at: number) => Item): readonly Item[] {
  return Array.from({ length: count }, (_, at) => itemOf(at));
}

/** What recovery makes of a run whose process died. */
function lostRun(
  number: number,
  id: string,
  loss: Readonly<Record<string, string | number>>,
  attributes: SpanFixture["attributes"] = {},
): SpanFixture {
  const names: Readonly<Record<string, string>> = {
    exitCode: "process.exit.code",
    terminated: "k8s.container.status.last_terminated_reason",
  };
  const told = Object.entries(loss).map(([key, value]) => [
    names[key] ?? `lifecycle.loss.${key}`,
    value,
  ]);
  return closedRun(number, id, "process_lost", {
    "lifecycle.run.result": "lost",
    "lifecycle.close.via": "journal",
    "lifecycle.run.recovered": true,
    "error.type": "process_lost",
    ...Object.fromEntries(told),
    ...attributes,
  });
}

/** What stands on a lost run that an open action had covered. */
const COVERED = {
  "lifecycle.close.class": "lifecycle_action",
  "lifecycle.close.confidence": "medium",
  "lifecycle.close.action.id": "01root",
  "lifecycle.close.action.kind": "dispose_all",
};

/** What recovery makes of an action that was open when its process died. */
function openAction(number: number, unsettled: number): SpanFixture {
  return actionSpan(number, "01root", {
    "lifecycle.action.result": "unsettled",
    "lifecycle.action.unsettled_run_count": unsettled,
  });
}

test("the account is a tree of actions, then the other classes, then counts", () => {
  expect(textOf(DISPOSAL)).toEqual([
    "dispose_all instance_store   POST /global/dispose   3 stopped, 1 finished first, slowest 1.2 s   01root",
    "├─ agent run r1                   stopped after 0.2 s",
    "├─ agent run r2                   stopped after 0.1 s",
    "├─ agent run r3                   stopped after 1.2 s",
    "└─ dispose instance (9f2c01ab…)   nested, closed nothing of its own   01nested",
    "",
    "user_cancel           agent run r4",
    "client_disconnect     agent run r5",
    "timeout               agent run r6",
    "upstream_disconnect   agent run r7    ended with ECONNRESET",
    "error                 agent run r8    ended with TypeError",
    "process_lost          agent run r9    last seen 2023-11-14T22:13:21.025Z, recovered from its journal",
    "nobody known          agent run r10   missing lifecycle.close_requested, low confidence",
    "",
    "1 run completed, 2 spans below closed runs inherited their class",
    "",
  ]);
});

test("nothing to tell is told", () => {
  expect(textOf([])).toEqual(["no span with lifecycle.* attributes is in this input", ""]);
});

test("completed runs alone are a count", () => {
  expect(textOf([completedRun(1, "r1"), completedRun(2, "r2"), inheritedSpan(3)])).toEqual([
    "2 runs completed, 1 span below a closed run inherited its class",
    "",
  ]);
});

test("nothing is counted where no run completed", () => {
  const run = closedRun(1, "r1", "user_cancel");
  expect(textOf([run])).toEqual(["user_cancel   agent run r1", ""]);
  expect(textOf([run, inheritedSpan(2)])).toEqual([
    "user_cancel   agent run r1",
    "",
    "1 span below a closed run inherited its class",
    "",
  ]);
});

test("a run whose action is not in the input stands under a line that says so", () => {
  expect(textOf([stoppedRun(1, "r1", "01gone", 0.2), stoppedRun(2, "r2", "01gone", 75)])).toEqual([
    "dispose_all   http   the action's span is not in this input   01gone",
    "├─ agent run r1   stopped after 0.2 s",
    "└─ agent run r2   stopped after 1 min 15 s",
    "",
  ]);
});

test("runs that the action counted and the input lacks are named as missing", () => {
  const action = actionSpan(1, "01root", {
    "lifecycle.action.covered_run_count": 3,
    "lifecycle.action.interrupted_run_count": 3,
  });
  expect(textOf([action, stoppedRun(2, "r1", "01root", 0.004)]).slice(0, 3)).toEqual([
    "dispose_all instance_store   POST /global/dispose   3 stopped, slowest 4 ms   01root",
    "├─ agent run r1   stopped after 4 ms",
    "└─ 2 more that it stopped are not in this input",
  ]);
});

test("without counts on the action the runs of the input are counted", () => {
  expect(textOf([actionSpan(1, "01root"), stoppedRun(2, "r1", "01root", 0.2)])[0]).toBe(
    "dispose_all instance_store   POST /global/dispose   1 stopped, slowest 0.2 s   01root",
  );
});

test("every count of an action has its words", () => {
  const action = actionSpan(1, "01root", {
    "lifecycle.action.covered_run_count": 15,
    "lifecycle.action.interrupted_run_count": 1,
    "lifecycle.action.completed_run_count": 2,
    "lifecycle.action.failed_run_count": 3,
    "lifecycle.action.other_run_count": 4,
    "lifecycle.action.unsettled_run_count": 5,
    "lifecycle.action.result": "failed",
    "error.type": "EBUSY",
  });
  expect(textOf([action, stoppedRun(2, "r1", "01root", 0.2)])[0]).toBe(
    "dispose_all instance_store   POST /global/dispose   1 stopped, 2 finished first, 3 failed, " +
      "4 closed by something earlier, 5 not stopped when it ended, slowest 0.2 s   the action itself failed with EBUSY   01root",
  );
});

test("an action with nothing in flight, from a signal", () => {
  const action: SpanFixture = {
    number: 1,
    name: "shutdown process",
    attributes: {
      "lifecycle.action.id": "01root",
      "lifecycle.action.kind": "shutdown",
      "lifecycle.scope.kind": "process",
      "lifecycle.action.trigger": "signal",
      "lifecycle.action.signal": "SIGTERM",
    },
  };
  expect(textOf([action])[0]).toBe("shutdown process   SIGTERM   nothing was in flight   01root");
});

test("nested actions hang below their parent with what they closed themselves", () => {
  const actions = [
    actionSpan(1, "a"),
    actionSpan(2, "b", { "lifecycle.action.parent_id": "a" }),
    actionSpan(3, "c", { "lifecycle.action.parent_id": "b" }),
  ];
  expect(textOf([...actions, stoppedRun(4, "r1", "c", 0.2)])).toEqual([
    "dispose_all instance_store   POST /global/dispose   nothing of its own was in flight   a",
    "└─ dispose_all instance_store   POST /global/dispose   nested, closed nothing of its own   b",
    "   └─ dispose_all instance_store   POST /global/dispose   nested, 1 stopped, slowest 0.2 s   c",
    "      └─ agent run r1   stopped after 0.2 s",
    "",
  ]);
});

test("a nested action's trigger is not told", () => {
  const nested: SpanFixture = {
    number: 2,
    name: "dispose instance",
    attributes: {
      "lifecycle.action.id": "b",
      "lifecycle.action.parent_id": "a",
      "lifecycle.action.kind": "dispose",
      "lifecycle.scope.kind": "instance",
      "lifecycle.action.trigger": "runtime",
    },
  };
  expect(textOf([actionSpan(1, "a"), nested])[1]).toBe(
    "└─ dispose instance   nested, closed nothing of its own   b",
  );
});

test("actions whose parents form a circle, or are absent, are trees of their own", () => {
  const actions = [
    actionSpan(1, "a", { "lifecycle.action.parent_id": "b" }),
    actionSpan(2, "b", { "lifecycle.action.parent_id": "a" }),
    actionSpan(3, "c", { "lifecycle.action.parent_id": "c" }),
    actionSpan(4, "d", { "lifecycle.action.parent_id": "elsewhere" }),
  ];
  expect(textOf(actions).slice(0, 4)).toEqual([
    "dispose_all instance_store   POST /global/dispose   nested in b, nothing was in flight           a",
    "dispose_all instance_store   POST /global/dispose   nested in a, nothing was in flight           b",
    "dispose_all instance_store   POST /global/dispose   nested in c, nothing was in flight           c",
    "dispose_all instance_store   POST /global/dispose   nested in elsewhere, nothing was in flight   d",
  ]);
});

test("a chain of a thousand nested actions is shown, 16 deep at most", () => {
  const chain = times(1000, (at) =>
    actionSpan(at + 1, `a${at}`, { "lifecycle.action.parent_id": `a${at - 1}` }),
  );
  const lines = textOf(chain, { longestList: Number.POSITIVE_INFINITY });
  const shown = lines.filter((line) => line.includes("dispose_all"));
  expect(shown.length).toBe(1000);
  expect(Math.max(...shown.map((line) => line.indexOf("dispose_all")))).toBe(15 * 3);
});

test.each([
  [20, undefined, 20, []],
  [21, undefined, 20, ["└─ … and 1 more"]],
  [21, { longestList: Number.POSITIVE_INFINITY }, 21, []],
])("of %i runs with %o, %i are listed", (count, options, listed, rest) => {
  const runs = times(count, (at) => stoppedRun(at + 2, `r${at}`, "01root", 0.2));
  const lines = textOf([actionSpan(1, "01root"), ...runs], options);
  expect(lines.filter((line) => line.includes("agent run")).length).toBe(listed);
  expect(lines.filter((line) => line.includes("more"))).toEqual(rest);
});

test("runs of one class are cut the same way, and their number is told", () => {
  const runs = times(25, (at) => closedRun(at + 1, `r${at}`, "user_cancel"));
  expect(textOf(runs).slice(19)).toEqual(["user_cancel   agent run r19", "… and 5 more", ""]);
});

test("an id of 26 characters is whole, one of 27 is not", () => {
  const [whole, long] = ["01jd2k3m4n5p6q7r8s9t0v1w2x", "01jd2k3m4n5p6q7r8s9t0v1w2xy"];
  const lines = textOf([actionSpan(1, whole), actionSpan(2, long)]);
  expect(lines[0]?.split("   ").at(-1)).toBe(whole);
  expect(lines[1]?.split("   ").at(-1)).toBe(`${long.slice(0, 25)}…`);
});

test("what a run closed by an action adds is told: loss, error, confidence", () => {
  const base = { "lifecycle.close.action.id": "01root" };
  const runs = [
    closedRun(2, "r1", "lifecycle_action", base),
    closedRun(3, "r2", "lifecycle_action", {
      ...base,
      "lifecycle.close.confidence": "medium",
      "lifecycle.close.error.type": "TypeError",
    }),
    closedRun(4, "r3", "lifecycle_action", {
      ...base,
      "lifecycle.run.result": "lost",
      "lifecycle.run.recovered": true,
    }),
  ];
  expect(textOf([actionSpan(1, "01root"), ...runs]).slice(1, 4)).toEqual([
    "├─ agent run r1   stopped",
    "├─ agent run r2   stopped, ended with TypeError, medium confidence",
    "└─ agent run r3   lost with its process, last seen 2023-11-14T22:13:21.004Z, recovered from its journal",
  ]);
});

test.each<[string, Readonly<Record<string, string | number>>, string]>([
  ["a signal", { reason: "signal", source: "supervisor", signal: "SIGKILL" }, "killed by SIGKILL"],
  ["a signal without a name", { reason: "signal", source: "supervisor" }, "killed by a signal"],
  ["an exit code", { reason: "exit", source: "supervisor", exitCode: 1 }, "exit code 1"],
  ["exit code 0", { reason: "exit", source: "supervisor", exitCode: 0 }, "exit code 0"],
  [
    "an exit code, and a word for it",
    { reason: "exit", source: "supervisor", exitCode: 1, terminated: "Error" },
    "exit code 1 (Error)",
  ],
  [
    "Kubernetes' OOMKilled",
    { reason: "oom_kill", source: "kubernetes", exitCode: 137, terminated: "OOMKilled" },
    "out of memory",
  ],
  [
    "the kernel's count",
    { reason: "oom_kill", source: "cgroup" },
    "out of memory by the count of its cgroup",
  ],
  ["a word alone", { reason: "unknown", terminated: "Evicted" }, "terminated as Evicted"],
  ["a newer convention's reason", { reason: "solar_flare" }, "solar_flare"],
  ["an escape sequence", { reason: "signal", signal: "\u001b[2J" }, "killed by \\u001b[2J"],
])("how a lost run's process ended is told of %s", (_title, loss, words) => {
  expect(textOf([lostRun(1, "r1", loss)])[0]).toBe(
    `process_lost   agent run r1   last seen 2023-11-14T22:13:21.001Z, ${words}, recovered from its journal`,
  );
});

test("nothing is told of the end of a process of which nobody had said anything", () => {
  expect(textOf([lostRun(1, "r1", { reason: "unknown" })])[0]).toBe(
    "process_lost   agent run r1   last seen 2023-11-14T22:13:21.001Z, recovered from its journal",
  );
});

test("an exit code on a span that tells of no loss is another's", () => {
  expect(textOf([closedRun(1, "r1", "error", { "process.exit.code": 3 })])[0]).toBe(
    "error   agent run r1",
  );
});

test("a run that a user cancelled and that was lost before it stopped says both", () => {
  const run = lostRun(
    1,
    "r1",
    { reason: "exit", exitCode: 3 },
    { "lifecycle.close.class": "user_cancel", "lifecycle.close.confidence": "medium" },
  );
  expect(textOf([run])[0]).toBe(
    "user_cancel   agent run r1   lost with its process, last seen 2023-11-14T22:13:21.001Z, exit code 3, " +
      "recovered from its journal, medium confidence",
  );
});

test("an action that was recovered open tells of what it lost and what had stopped by then", () => {
  const runs = [
    stoppedRun(2, "r1", "01root", 0.2),
    lostRun(3, "r2", { reason: "unknown" }, COVERED),
    lostRun(4, "r3", { reason: "unknown" }, COVERED),
  ];
  expect(textOf([openAction(1, 2), ...runs])).toEqual([
    "dispose_all instance_store   POST /global/dispose   1 stopped, 2 lost with the process, slowest 0.2 s   01root",
    "├─ agent run r1   stopped after 0.2 s",
    "├─ agent run r2   lost with its process, last seen 2023-11-14T22:13:21.003Z, recovered from its journal, medium confidence",
    "└─ agent run r3   lost with its process, last seen 2023-11-14T22:13:21.004Z, recovered from its journal, medium confidence",
    "",
  ]);
});

test("an action that was recovered open without its runs tells how many had not ended", () => {
  expect(textOf([openAction(1, 3)])[0]).toBe(
    "dispose_all instance_store   POST /global/dispose   3 not stopped when it ended   01root",
  );
  expect(textOf([openAction(1, 3), lostRun(2, "r1", { reason: "unknown" }, COVERED)])[0]).toBe(
    "dispose_all instance_store   POST /global/dispose   1 lost with the process, 2 not stopped when it ended   01root",
  );
});

test("an action that was recovered open and had no run left does not say that it had none", () => {
  expect(textOf([openAction(1, 0)])[0]).toBe(
    "dispose_all instance_store   POST /global/dispose   had not ended, nothing is known to have been in flight   01root",
  );
});

test("AbortError is left out, as what is stopped ends with it; another error is told", () => {
  const ends = { "lifecycle.close.action.id": "01root", "lifecycle.interrupt.duration": 0.2 };
  const runs = [
    closedRun(2, "r1", "lifecycle_action", { ...ends, "error.type": "AbortError" }),
    closedRun(3, "r2", "lifecycle_action", { ...ends, "error.type": "TypeError" }),
    closedRun(4, "r3", "user_cancel", { "error.type": "AbortError" }),
    closedRun(5, "r4", "user_cancel", { "error.type": "TypeError" }),
  ];
  expect(textOf([actionSpan(1, "01root"), ...runs]).slice(1)).toEqual([
    "├─ agent run r1   stopped after 0.2 s",
    "└─ agent run r2   stopped after 0.2 s, ended with TypeError",
    "",
    "user_cancel   agent run r3",
    "user_cancel   agent run r4   ended with TypeError",
    "",
  ]);
});

test("classes that are newer than this program are shown, what has none is nobody's", () => {
  const bare = { "lifecycle.run.result": "interrupted" };
  const runs = [
    closedRun(1, "r1", "solar_flare"),
    closedRun(2, "r2", "lifecycle_action"),
    { number: 3, name: "job", attributes: bare },
  ];
  expect(textOf(runs).slice(0, 3)).toEqual([
    "an action that is not named   agent run r2",
    "solar_flare                   agent run r1",
    "nobody known                  job 0000000000000003",
  ]);
});

test("control characters, overrides and endless names from spans never reach the terminal", () => {
  const evil = "\u001b[2J\u009b31m\r\n\u0007\u202e\u2028\ud800\u{e0001}";
  const action = actionSpan(1, evil, {
    "lifecycle.action.kind": evil,
    "lifecycle.scope.kind": evil,
    "lifecycle.scope.key": evil,
    "lifecycle.action.operation": `${evil}${"x".repeat(1_000_000)}`,
  });
  const nested = actionSpan(2, "nested", { "lifecycle.action.parent_id": "gone\u001b" });
  const run = {
    ...closedRun(3, evil, evil, {
      "lifecycle.close.confidence": evil,
      "error.type": evil,
      "lifecycle.close.missing": [evil],
    }),
    name: evil,
  };
  const orphan = closedRun(4, "r", "lifecycle_action", {
    "lifecycle.close.action.id": `${evil}2`,
    "lifecycle.close.action.kind": evil,
    "lifecycle.close.action.trigger": evil,
  });
  const text = textOf([action, nested, run, orphan]).join("");
  expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
  expect(text).toContain(
    "\\u001b[2J\\u009b31m\\u000d\\u000a\\u0007\\u202e\\u2028\\ud800\\udb40\\udc01",
  );
  expect(text.length).toBeLessThan(8000);
});

test("emoji and joined scripts stay as they are", () => {
  const name = "👩‍💻 می‌خواهم 日本";
  expect(textOf([{ ...closedRun(1, "r1", "error"), name }])[0]).toBe(`error   ${name} r1`);
});

test("colours are there when asked for, and only then change nothing but colours", () => {
  const plain = textOf(DISPOSAL).join("\n");
  const coloured = textOf(DISPOSAL, { colour: "ansi" }).join("\n");
  expect(coloured).toContain(
    "\u001b[1mdispose_all instance_store\u001b[22m   POST /global/dispose   ",
  );
  expect(coloured).toContain("slowest 1.2 s   \u001b[2m01root\u001b[22m\n");
  expect(coloured).toContain("\u001b[33mnobody known\u001b[39m ");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken away.
  expect(coloured.replace(/\u001b\[\d+m/g, "")).toBe(plain);
});
