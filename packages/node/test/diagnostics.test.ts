import { expect, it } from "vitest";
import { run } from "./support/program.ts";

const env = { OTEL_TRACES_EXPORTER: "none" };

it("shows of another SDK the first error once, whatever it is made of, and no warnings (rule 38)", async () => {
  const { status, stderr } = await run("errors-of-others.mjs", { env });
  expect({ status, first: stderr.split("\n")[0] }).toEqual({
    status: 0,
    first: "TypeError: first",
  });
  expect(stderr.match(/theirs|second|OTEL_LOG_LEVEL=error shows them/g)).toEqual([
    "OTEL_LOG_LEVEL=error shows them",
  ]);
});

it("shows all that is asked for", async () => {
  const { stderr } = await run("errors-of-others.mjs", { env: { ...env, OTEL_LOG_LEVEL: "warn" } });
  expect(stderr.match(/theirs|first|second|shows them/g)).toEqual(["theirs", "first", "second"]);
});
