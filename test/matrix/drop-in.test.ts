import { get } from "node:http";
import { describe, expect, test } from "vitest";
import { startApp } from "../support/app.ts";
import { documentsOf, namesIn } from "../support/documents.ts";
import type { OtlpSpan } from "../support/otlp-span.ts";
import { type Cell, cells } from "./cells.ts";
import { DROP_IN } from "./expected-spans.ts";

describe("the drop-in on a plain server: a request in flight, and a SIGTERM (rules 16, 17, 19, 20)", () => {
  test.each(cells())(
    "%s ends by the signal and exports the same spans, whole",
    async (_title, cell) => {
      const { code, signal, stderr, spans } = await terminated(cell);
      expect({ code, signal, stderr }).toEqual({ code: null, signal: "SIGTERM", stderr: "" });
      expect(documentsOf(spans.map(withoutPorts), namesIn(spans))).toEqual(DROP_IN);
    },
  );
});

const terminated = async (cell: Cell) => {
  const flag = cell.form === "esm" ? "--import" : "--require";
  const flags = [flag, "@otel-lifecycle/node/register"];
  const app = await startApp({ ...cell, flags, program: "server" });
  const request = get(`${await app.said("ready")}/open`).on("error", () => undefined);
  await app.said("open");
  app.kill("SIGTERM");
  const ending = await app.ended();
  request.destroy();
  return ending;
};

const withoutPorts = (span: OtlpSpan): OtlpSpan => ({
  ...span,
  attributes: Object.fromEntries(
    Object.entries(span.attributes).map(([key, value]) => [
      key,
      key.endsWith(".port") ? "a port" : value,
    ]),
  ),
});
