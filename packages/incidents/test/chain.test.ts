import type { ActionFacts } from "@otel-lifecycle/incidents";
import { describe, expect, test } from "vitest";
import { by, ended, incidentOf, propagated, requested } from "./support/tell.ts";

const DISPOSE: ActionFacts = {
  id: "dispose-1",
  kind: "dispose",
  trigger: "unknown",
  scopeKind: "instance",
  scopeKey: "00000000000000b2",
};
const DISPOSE_ALL: ActionFacts = {
  id: "dispose-all-1",
  kind: "dispose_all",
  trigger: "http",
  operation: "POST /global/dispose",
  initiator: "developer",
  scopeKind: "instance_store",
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
};
const closedBy = (...actions: readonly ActionFacts[]) =>
  incidentOf(
    [
      { type: "close_requested", close: { class: "lifecycle_action", actions } },
      ended("lifecycle_action"),
    ],
    { run: { scopeKey: "00000000000000c3" } },
  );

describe("from a run to who asked for its end", () => {
  test("the actions stand nearest first, the origin is the first that is known", () => {
    expect(closedBy(DISPOSE, DISPOSE_ALL)?.chain).toEqual({
      actions: [
        {
          id: "dispose-1",
          kind: "dispose",
          trigger: "unknown",
          scope_kind: "instance",
          scope_key: "00000000000000b2",
        },
        {
          id: "dispose-all-1",
          kind: "dispose_all",
          trigger: "http",
          operation: "POST /global/dispose",
          initiator: "developer",
          scope_kind: "instance_store",
          trace_id: "0af7651916cd43dd8448eb211c80319c",
          span_id: "b7ad6b7169203331",
        },
      ],
      nearest_origin: {
        trigger: "http",
        action_id: "dispose-all-1",
        operation: "POST /global/dispose",
        initiator: "developer",
      },
      nearest_request: { method: "POST", route: "/global/dispose", action_id: "dispose-all-1" },
      gaps: [],
    });
  });

  test("an origin without a request: a signal", () => {
    const shutdown: ActionFacts = {
      id: "s",
      kind: "shutdown",
      trigger: "signal",
      signal: "SIGTERM",
    };
    expect(closedBy(shutdown)?.chain).toEqual({
      actions: [shutdown],
      nearest_origin: { trigger: "signal", action_id: "s", signal: "SIGTERM" },
      gaps: [],
    });
  });

  test.each([
    ["POST /global/dispose", { method: "POST", route: "/global/dispose" }],
    ["GET /", { method: "GET", route: "/" }],
    ["BREW /pot", undefined],
    ["post /global/dispose", undefined],
    ["POST global", undefined],
    ["POST /a b", undefined],
    ["Config.update", undefined],
  ])("%s is a request: %o", (operation, request) => {
    const chain = closedBy({ ...DISPOSE_ALL, operation })?.chain;
    expect(chain?.nearest_request).toEqual(
      request === undefined ? undefined : { ...request, action_id: "dispose-all-1" },
    );
    expect(chain?.gaps).toEqual(request === undefined ? ["lifecycle.request_context_missing"] : []);
  });

  test.each([
    ["an action around the last of which only the id is known", "elsewhere-1", true],
    ["one that is among them", "dispose-1", false],
  ])("its context is missing with %s", (_title, parentId, isMissing) => {
    const chain = closedBy(DISPOSE, { ...DISPOSE_ALL, parentId })?.chain;
    expect(chain?.gaps).toEqual(isMissing ? ["lifecycle.request_context_missing"] : []);
  });

  test("nobody knows who asked", () => {
    const incident = incidentOf([ended("unknown_scope_close")]);
    expect(incident?.chain).toEqual({ actions: [], gaps: ["lifecycle.close_requested"] });
    expect(incident?.gaps).toEqual(["lifecycle.close_requested"]);
  });

  test("an action of which the run was told, though its request was left out", () => {
    const close = { close: { class: "lifecycle_action", actions: [DISPOSE] } } as const;
    const incident = incidentOf([propagated(close), ended("lifecycle_action")]);
    expect([incident?.subcause, incident?.chain.actions.length]).toEqual(["dispose", 1]);
  });

  test.each(["user_cancel", "client_disconnect", "timeout"] as const)(
    "of a %s there is none",
    (closeClass) => {
      const incident = incidentOf([requested(by(closeClass)), ended(closeClass)]);
      expect(incident?.chain).toEqual({ actions: [], gaps: [] });
    },
  );
});

describe("the directories that a close touched", () => {
  test("are the run's and those of its actions, each once, sorted, keyed hashes alone", () => {
    const odd = { ...DISPOSE_ALL, scopeKey: "/srv/project" };
    const same = { ...DISPOSE, id: "dispose-2" };
    expect(closedBy(DISPOSE, same, odd)?.affected_directory_keys).toEqual([
      "00000000000000b2",
      "00000000000000c3",
    ]);
  });

  test("are the run's own where no action closed it", () => {
    const told = [
      requested({ close: { class: "lifecycle_action", actions: [DISPOSE] } }),
      ended("user_cancel"),
    ];
    const incident = incidentOf(told, { run: { scopeKey: "00000000000000c3" } });
    expect(incident?.affected_directory_keys).toEqual(["00000000000000c3"]);
  });
});
