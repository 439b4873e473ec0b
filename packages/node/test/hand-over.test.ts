import { describe, expect, it } from "vitest";
import { type Arrived, REGISTER, runAndReceive } from "./support/program.ts";

const OTHER = ["--import", "./test/fixtures/other-sdk.mjs"];

/** Service, parent and name, and what we stamped on the run. */
const facts = (spans: readonly Arrived[]): readonly string[] =>
  spans
    .map(({ name, parent, resource, attributes }) =>
      [
        resource["service.name"],
        parent === undefined ? name : `${parent} > ${name}`,
        name === "run" ? attributes["lifecycle.run.result"] : undefined,
      ]
        .filter((each) => each !== undefined)
        .join(": "),
    )
    .sort();

const ended = {
  status: 0,
  stderr: "",
  output: {
    list: ["LifecycleSpanProcessor", "BatchSpanProcessor"],
    registered: [true, true, true],
    wrapped: [false],
    fields: ["baggage"],
  },
};
const env = { OTEL_SERVICE_NAME: "ours" };

describe("beside another SDK", () => {
  it("attaches to one that was there first", async () => {
    const flags = [...OTHER, ...REGISTER];
    const { spans, ...rest } = await runAndReceive("beside.mjs", { flags, env });
    expect({ ...rest, spans: facts(spans) }).toEqual({
      ...ended,
      spans: ["theirs: begun early", "theirs: run > below", "theirs: run: failed"],
    });
  });

  it.each(["nodesdk", "trace"])(
    "steps back for one that comes by a later flag, in its order (%s)",
    async (order) => {
      const flags = [...REGISTER, ...OTHER];
      const { spans, ...rest } = await runAndReceive("beside.mjs", {
        flags,
        env: { ...env, ORDER: order },
      });
      expect({ ...rest, spans: facts(spans) }).toEqual({
        ...ended,
        spans: ["theirs: begun early", "theirs: run > below", "theirs: run: failed"],
      });
    },
  );

  it.each(["nodesdk", "trace"])(
    "steps back for one in the code: tracers follow, what began before is kept (%s)",
    async (order) => {
      const { spans, ...rest } = await runAndReceive("beside.mjs", {
        env: { ...env, LATE: "1", ORDER: order },
      });
      expect({ ...rest, spans: facts(spans) }).toEqual({
        ...ended,
        spans: ["ours: begun early", "theirs: run > below", "theirs: run: failed"],
      });
    },
  );

  it("keeps what the other one does not bring", async () => {
    const { spans, ...rest } = await runAndReceive("beside.mjs", {
      env: { ...env, LATE: "1", ORDER: "alone" },
    });
    expect({ ...rest, spans: facts(spans) }).toEqual({
      ...ended,
      output: {
        ...ended.output,
        registered: [true],
        fields: ["traceparent", "tracestate", "baggage"],
      },
      spans: ["ours: begun early", "theirs: run > below", "theirs: run: failed"],
    });
  });
});
