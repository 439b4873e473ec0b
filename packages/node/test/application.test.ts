import { afterEach, describe, expect, it } from "vitest";
import { type Application, makeApplication } from "./support/application.ts";
import { REGISTER, run } from "./support/program.ts";

let application: Application | undefined;
afterEach(() => application?.remove());

/** Starts an application with these packages; it prints what was done to its instrumentations. */
async function start(packages: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv = {}) {
  application = makeApplication(PRINT, { ...HOOK, ...packages });
  return run(application.main, { flags: REGISTER, env });
}

const PRINT = "process.stdout.write(JSON.stringify(globalThis.done ?? []));";
const HOOK = { "@opentelemetry/instrumentation/hook.mjs": "" };

/** A package of an instrumentation that notes its beginning and end. */
const instrumentation = (name: string, Class: string) => ({
  [`@opentelemetry/instrumentation-${name}/index.js`]: `
    exports.${Class} = class ${Class} {
      constructor() { this.note("start"); }
      note(what) { (globalThis.done ??= []).push(what + " ${name}"); }
      enable() {}
      setTracerProvider() {}
      disable() { this.note("stop"); }
    };
    exports.${Class}Again = exports.${Class};
    exports.NotAnInstrumentation = class NotAnInstrumentation {};`,
});
const AUTO = "@opentelemetry/auto-instrumentations-node/index.js";

describe("the application's packages", () => {
  it("start: each single instrumentation once", async () => {
    const ended = await start({
      ...instrumentation("one", "OneInstrumentation"),
      ...instrumentation("two", "SecondInstrumentation"),
    });
    expect(ended).toEqual({ status: 0, stderr: "", output: ["start one", "start two"] });
  });

  it("start: all that auto-instrumentations-node gives, in the place of the single ones", async () => {
    const ended = await start({
      ...instrumentation("one", "OneInstrumentation"),
      [AUTO]: `
        const { OneInstrumentation } = require("@opentelemetry/instrumentation-one");
        exports.getNodeAutoInstrumentations = () => [new OneInstrumentation()];`,
    });
    expect(ended).toEqual({ status: 0, stderr: "", output: ["start one"] });
  });

  it.each([
    ["OTEL_NODE_ENABLED_INSTRUMENTATIONS", "one"],
    ["OTEL_NODE_DISABLED_INSTRUMENTATIONS", "two, three"],
  ])("start: not those that %s=%s leaves out", async (name, value) => {
    const both = {
      ...instrumentation("one", "OneInstrumentation"),
      ...instrumentation("two", "TwoInstrumentation"),
    };
    const { output } = await start(both, { [name]: value });
    expect(output).toEqual(["start one"]);
  });

  it("cost a warning, not the start, when one fails to load (rule 38)", async () => {
    const ended = await start({
      ...instrumentation("one", "OneInstrumentation"),
      "@opentelemetry/instrumentation-bad/index.js": 'throw new Error("broken");',
    });
    expect(ended).toEqual({
      status: 0,
      stderr: expect.stringContaining(
        "@opentelemetry/instrumentation-bad could not be started: broken",
      ),
      output: ["start one"],
    });
  });

  it("are named, where there are none, to who asks for information", async () => {
    const { output } = await start({}, { OTEL_LOG_LEVEL: "info" });
    expect(output).toContain("Install @opentelemetry/auto-instrumentations-node");
  });

  it("are retired when another SDK takes over", async () => {
    application = makeApplication(
      `import { trace } from "@opentelemetry/api";
       trace.setGlobalTracerProvider({ getTracer: () => ({}) });
       ${PRINT}`,
      { ...HOOK, ...instrumentation("one", "OneInstrumentation") },
    );
    const { output } = await run(application.main, {});
    expect(output).toEqual(["start one", "stop one"]);
  });

  it("make a warning, where the API is one that cannot see ours (rule 38)", async () => {
    const ended = await start({
      "@opentelemetry/api/index.js": "",
      "@opentelemetry/api/package.json": '{ "version": "1.999.0" }',
    });
    expect(ended).toEqual({
      status: 0,
      stderr: expect.stringMatching(
        /has @opentelemetry\/api 1\.999\.0, which cannot use what 1\.\S+ registers.*npm dedupe/,
      ),
      output: [],
    });
  });
});
