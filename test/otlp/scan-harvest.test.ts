import { SpanStatusCode, trace } from "@opentelemetry/api";
import { afterEach, describe, expect, test } from "vitest";
import { type Field, sowField } from "../support/harvest.ts";
import { scanHarvest } from "../support/scan-harvest.ts";

const SECRET = "what the user asked in confidence";
const canaries = { prompt: SECRET };
const body = (span: object, resource = {}): string =>
  JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] });
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const AT = "resourceSpans.0.scopeSpans.0.spans.0";

describe("the privacy scanner finds what was planted", () => {
  test.each<[string, string, string]>([
    ["a name", body({ name: SECRET }), `${AT}.name`],
    [
      "an attribute",
      body({ attributes: [text("a", SECRET)] }),
      `${AT}.attributes.0.value.stringValue`,
    ],
    ["an attribute's key", body({ attributes: [text(SECRET, "")] }), `${AT}.attributes.0.key`],
    [
      "a list in an attribute",
      body({ attributes: [{ value: { arrayValue: { values: [{ stringValue: SECRET }] } } }] }),
      `${AT}.attributes.0.value.arrayValue.values.0.stringValue`,
    ],
    ["an event", body({ events: [{ name: SECRET }] }), `${AT}.events.0.name`],
    [
      "a link",
      body({ links: [{ attributes: [text("a", SECRET)] }] }),
      `${AT}.links.0.attributes.0.value.stringValue`,
    ],
    [
      "a resource",
      body({}, { attributes: [text("a", SECRET)] }),
      "resourceSpans.0.resource.attributes.0.value.stringValue",
    ],
    ["a status message", body({ status: { message: SECRET } }), `${AT}.status.message`],
    ["the middle of a text", body({ name: `GET ${SECRET}!` }), `${AT}.name`],
    ["a name in upper case", body({ name: SECRET.toUpperCase() }), `${AT}.name`],
    ["a name, encoded for a URL", body({ name: encodeURIComponent(SECRET) }), `${AT}.name`],
    ["a name, in base64", body({ name: Buffer.from(SECRET).toString("base64") }), `${AT}.name`],
    ["a name, in hex", body({ name: Buffer.from(SECRET).toString("hex") }), `${AT}.name`],
  ])("in %s", (_title, planted, where) => {
    expect(scanHarvest([body({ name: "agent run" }), planted], canaries)).toEqual([
      { what: "prompt", where },
    ]);
  });

  test.each([
    ["/home/user/project"],
    ["/srv"],
    ["ENOENT: no such file or directory, open '/etc/passwd'"],
    ["C:\\Users\\user"],
    ["\\\\server\\share"],
    ["file:///srv/project/main"],
    ["cwd=/tmp/x"],
  ])("a path that nobody planted: %s", (path) => {
    expect(scanHarvest([body({ name: path })])).toEqual([{ what: "path", where: `${AT}.name` }]);
  });

  test.each([
    ["POST /global/dispose"],
    ["GET /sessions/{id}/messages"],
    ["http://127.0.0.1:4318/v1/traces"],
    ["and/or"],
    ["01m81sjkr9002etxagdcvbt12e"],
  ])("what is no path is let through: %s", (name) => {
    expect(scanHarvest([body({ name })], canaries)).toEqual([]);
  });

  test("an empty canary is a mistake of the test's", () => {
    expect(() => scanHarvest([body({ name: "x" })], { prompt: "" })).toThrow("empty canary");
  });
});

describe("a harvest with a leak in it fails", () => {
  let field: Field;
  afterEach(() => field.provider.shutdown());

  test("wherever a real exporter puts it", async () => {
    field = await sowField({ canaries });
    const span = trace.getTracer("host").startSpan("agent run", {
      attributes: { prompt: SECRET },
      links: [{ context: LINKED, attributes: { prompt: SECRET } }],
    });
    span.addEvent(SECRET);
    span.setStatus({ code: SpanStatusCode.ERROR, message: SECRET });
    span.end();
    await expect(field.harvest()).rejects.toThrow(
      [
        `prompt is in ${AT}.attributes.0.value.stringValue`,
        `prompt is in ${AT}.events.0.name`,
        `prompt is in ${AT}.status.message`,
        `prompt is in ${AT}.links.0.attributes.0.value.stringValue`,
      ].join("\n"),
    );
  });

  const LINKED = {
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
    traceFlags: 1,
  };
});
