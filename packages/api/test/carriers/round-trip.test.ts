import {
  type ActionOptions,
  type ActionTrigger,
  createScope,
  inject,
  withAction,
} from "@otel-lifecycle/api";
import * as fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { boundedBy } from "../support/bounded.ts";
import { registerHarvest } from "../support/harvest.ts";
import { placeOf } from "../support/remote-carrier.ts";

const harvest = registerHarvest();
afterEach(() => harvest.reset());

const scope = createScope({ kind: "instance" });
const disposeWith = (options: Partial<ActionOptions>) =>
  withAction({ kind: "dispose", scope, ...options }, (action) => action);

const TRIGGERS: readonly ActionTrigger[] = [
  "http",
  "signal",
  "cli",
  "config",
  "watch",
  "supervisor",
  "runtime",
  "unknown",
];

const sending = fc.record({
  kind: fc.oneof(fc.constantFrom("dispose_all", "reload", "shutdown"), fc.string()),
  trigger: fc.constantFrom(...TRIGGERS),
  depth: fc.integer({ min: 0, max: 3 }),
});

test("what inject writes is what extract reads, for every action", () =>
  fc.assert(
    fc.property(sending, ({ kind, trigger, depth }) => {
      harvest.reset();
      const { carrier, ...sent } = nested({ kind, scope, trigger }, depth);
      expect(boundedBy(() => disposeWith({ kind: "reload_there", carrier }))).toEqual({});
      expect(placeOf(harvest, "reload_there instance")).toEqual({ ...sent, trigger });
    }),
  ));

const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."id=;rotkng-_a0 \n\uD800") }),
  fc.stringMatching(/^id=[a-z0-9_-]*;root=[a-z0-9_-]*;kind=[a-z_]*;trigger=[a-z]*$/),
  // Sampled, or the action would be recorded nowhere.
  fc.stringMatching(/^0[01]-[0-9a-f]{30,34}-[0-9a-f]{14,18}-01$/),
);
const value = fc.oneof(text, fc.array(text, { maxLength: 2 }), fc.anything());
const hostile = fc.oneof(
  fc.record({ traceparent: value, "lifecycle.cause": value }),
  fc.anything({ withMap: true, withNullPrototype: true }),
);

test("whatever comes in, nothing throws, and what is exported keeps its bounds", () =>
  fc.assert(
    fc.property(hostile, (carrier) => {
      harvest.reset();
      disposeWith({ carrier });
      const { parent, root, trigger } = placeOf(harvest);
      for (const id of [parent, root]) expect(id ?? "none").toMatch(/^[a-z0-9_-]{1,64}$/);
      expect(TRIGGERS).toContain(trigger);
    }),
    { numRuns: 300 },
  ));

/** An action, and what it injects, as it comes out of a channel. */
const nested = (options: ActionOptions, depth: number): Sent =>
  withAction(options, ({ id, rootId, span }) => {
    if (depth > 0) return nested(options, depth - 1);
    const { traceId, spanId } = span.spanContext();
    const carrier: unknown = JSON.parse(JSON.stringify(inject({})));
    return { carrier, parent: id, root: rootId, trace: traceId, span: spanId };
  });

interface Sent {
  readonly carrier: unknown;
  readonly parent: string;
  readonly root: string;
  readonly trace: string;
  readonly span: string;
}
