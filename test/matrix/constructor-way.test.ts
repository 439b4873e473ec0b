import { describe, expect, test } from "vitest";
import { startApp } from "../support/app.ts";
import { documentsOf, namesIn } from "../support/documents.ts";
import { cells } from "./cells.ts";
import { CONSTRUCTOR_WAY } from "./expected-spans.ts";

describe("the processor in a provider's constructor: completed, disposed of, open at shutdown", () => {
  test.each(cells())("%s exports the same spans, whole", async (_title, cell) => {
    const app = await startApp({ ...cell, program: "constructor-way" });
    const { spans, ...ending } = await app.ended();
    expect(ending).toEqual({ code: 0, signal: null, stdout: "", stderr: "" });
    expect(documentsOf(spans, namesIn(spans))).toEqual(CONSTRUCTOR_WAY);
  });
});
