import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REGISTER } from "../support/program.ts";
import { type Afterlife, makeAfterlife, start } from "./lives.ts";
import { told, toldOf } from "./told.ts";

let afterlife: Afterlife;
beforeEach(async () => {
  afterlife = await makeAfterlife();
});
afterEach(() => afterlife.close());

const OTHER = ["--import", "./test/fixtures/other-sdk.mjs"];
const HOW =
  "beside another SDK, because nobody tells what that has sent: open the journal in its code, with openJournal() of @otel-lifecycle/sdk/journal, and give it through(exporter) in the place of its exporter.";

describe("a journal that the environment asks for", { timeout: 60_000 }, () => {
  it("is none beside another SDK, and one line says how to keep one there", async () => {
    const flags = [...OTHER, ...REGISTER];
    const { code, stderr } = await start("endings", { flags, env: afterlife.env }).ended;
    expect({ code, stderr: stderr.trim(), journals: afterlife.journals() }).toEqual({
      code: 0,
      stderr: `@otel-lifecycle/node OTEL_LIFECYCLE_JOURNAL has no effect ${HOW}`,
      journals: [],
    });
  });

  it("keeps what began before another SDK took over, and says of what it keeps nothing", async () => {
    const { pid, stderr } = await start("handed-over", { env: afterlife.env }).ended;
    await afterlife.recover();
    expect({
      stderr: stderr.trim(),
      runs: toldOf(pid, afterlife.receiver.requests).map(({ name }) => name),
    }).toEqual({
      stderr: `@otel-lifecycle/node OTEL_LIFECYCLE_JOURNAL has no effect on what begins from here on ${HOW}`,
      runs: ["early run"],
    });
  });

  it("is none where nothing is exported over OTLP", async () => {
    const env = { ...afterlife.env, OTEL_TRACES_EXPORTER: "none" };
    const { code, stderr } = await start("endings", { env }).ended;
    expect({ code, stderr: stderr.trim(), journals: afterlife.journals() }).toEqual({
      code: 0,
      stderr:
        "@otel-lifecycle/node OTEL_LIFECYCLE_JOURNAL has no effect without otlp in OTEL_TRACES_EXPORTER.",
      journals: [],
    });
  });

  it("goes with the process if all that it held was sent", async () => {
    const { code, stderr } = await start("family", { env: afterlife.env }).ended;
    const spans = told(afterlife.receiver.requests).map(({ name }) => name);
    expect({ code, stderr, spans, journals: afterlife.journals() }).toEqual({
      code: 0,
      stderr: "",
      spans: ["inner", "outer"],
      journals: [],
    });
  });
});
