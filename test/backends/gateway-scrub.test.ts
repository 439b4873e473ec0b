import { expect, test, vi } from "vitest";
import { type Backend, startBackend } from "./support/backend.ts";
import { describeWith } from "./support/binary.ts";
import { startCollector } from "./support/collector.ts";
import { editedConfig } from "./support/edited-config.ts";
import { postBody } from "./support/otlp-json.ts";
import { HARMLESS_TEXTS, PRIVATE_TEXTS } from "./support/private-texts.ts";
import type { WholeSpan } from "./support/whole-span.ts";

const start = async (config = "gateway.yaml") => {
  const backend = await startBackend();
  const gateway = await startCollector({
    configs: [config],
    env: { LIFECYCLE_BACKEND: backend.url, LIFECYCLE_SAMPLING_PERCENTAGE: "100" },
  });
  return { backend, url: gateway.url };
};

/** All that has arrived once it is so many spans, in the order in which they were sent. */
const arrived = async (backend: Backend, count: number): Promise<readonly WholeSpan[]> => {
  await vi.waitFor(() => expect(backend.spans().length).toBe(count), { timeout: 10_000 });
  return backend.spans().toSorted((one, other) => (one.traceId < other.traceId ? -1 : 1));
};

const attribute = (key: string, value: object) => ({ key, value });
const text = (key: string, stringValue: string) => attribute(key, { stringValue });

/** A span of a request of its own; every second one is evidence, which takes the other way. */
const requestOf = (number: number, { span, scope, resource }: Parts): string =>
  JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [text("service.name", "app"), ...(resource ?? [])] },
        scopeSpans: [
          {
            scope: scope ?? { name: "host" },
            spans: [
              {
                traceId: number.toString(16).padStart(32, "0"),
                spanId: number.toString(16).padStart(16, "0"),
                startTimeUnixNano: "1000000000",
                endTimeUnixNano: "2000000000",
                kind: 1,
                name: "work",
                ...span,
                attributes: [
                  ...(number % 2 === 0 ? [text("lifecycle.close.class", "error")] : []),
                  ...(span.attributes ?? []),
                ],
              },
            ],
          },
        ],
      },
    ],
  });

interface Parts {
  readonly span: Readonly<Record<string, unknown>> & { readonly attributes?: readonly object[] };
  readonly scope?: object;
  readonly resource?: readonly object[];
}

/** A text in every place that a span has for one, but a link. */
const everywhere = (value: string): Parts => ({
  span: {
    name: value,
    status: { code: 2, message: value },
    attributes: [
      text("text", value),
      attribute("list", {
        arrayValue: { values: [{ stringValue: "kept" }, { stringValue: value }] },
      }),
      attribute("map", {
        kvlistValue: {
          values: [attribute("of", { kvlistValue: { values: [text("it", value)] } })],
        },
      }),
    ],
    events: [{ timeUnixNano: "1500000000", name: value, attributes: [text("text", value)] }],
  },
  scope: { name: value, version: "1", attributes: [text("text", value)] },
  resource: [text("text", value)],
});

const places = (span: WholeSpan | undefined): readonly unknown[] => [
  span?.name,
  span?.status.message,
  span?.attributes["text"],
  span?.events[0]?.name,
  span?.events[0]?.attributes["text"],
  span?.scope.name,
  span?.scope.attributes["text"],
  span?.resource.attributes["text"],
];

describeWith(["otelcol"], "what leaves the gateway is clean", () => {
  test("private texts in names, messages, events, scopes and resources, in arrays and nested maps", async () => {
    const { backend, url } = await start();
    for (const [at, row] of PRIVATE_TEXTS.entries()) {
      await postBody(url, requestOf(at + 1, everywhere(row.text)));
    }
    const spans = await arrived(backend, PRIVATE_TEXTS.length);
    expect(spans.map((span, at) => [PRIVATE_TEXTS[at]?.what, ...places(span)])).toEqual(
      PRIVATE_TEXTS.map(({ what, left }) => [what, ...Array.from({ length: 8 }, () => left)]),
    );
    const telling = PRIVATE_TEXTS.filter(({ secret }, at) =>
      JSON.stringify(spans[at]).includes(secret),
    );
    expect(telling.map(({ what }) => what)).toEqual([]);
    // What carried the texts through is gone again.
    expect(JSON.stringify(spans)).not.toContain("lifecycle.scrub");
  });

  test("what only looks like it stays as it is, in arrays and maps too", async () => {
    const { backend, url } = await start();
    for (const [at, harmless] of HARMLESS_TEXTS.entries()) {
      await postBody(url, requestOf(at + 1, everywhere(harmless)));
    }
    const spans = await arrived(backend, HARMLESS_TEXTS.length);
    expect(
      spans.map((span) => [...places(span), span.attributes["list"], span.attributes["map"]]),
    ).toEqual(
      HARMLESS_TEXTS.map((harmless) => [
        ...Array.from({ length: 8 }, () => harmless),
        ["kept", harmless],
        { of: { it: harmless } },
      ]),
    );
  });

  test("keys that say it lose their whole value, counts of tokens and templates of routes lose nothing, the owner of the process goes", async () => {
    const { backend, url } = await start();
    const attributes = [
      attribute("http.request.header.authorization", {
        arrayValue: { values: [{ stringValue: "x" }] },
      }),
      text("db.password", "x"),
      text("apiKey", "x"),
      text("client_secret", "x"),
      text("next_page_token", "x"),
      text("HTTP_COOKIE", "x"),
      text("PGPASSWD", "x"),
      ...["PGPASSWORD", "AWS_SECRET", "GH_TOKEN", "OPENAI_API_KEY", "APIKEY"].map((key) =>
        text(key, "x"),
      ),
      attribute("gen_ai.usage.input_tokens", { intValue: "12" }),
      text("http.route", "/home/:tab"),
      text("lifecycle.action.operation", "open /home/alice"),
      text("lifecycle.run.id", "sk-abcdefghijklmnopqrstuvwxyz"),
    ];
    const resource = [
      text("process.owner", "alice"),
      text("process.command_line", "node --key x"),
      attribute("process.command_args", { arrayValue: { values: [{ stringValue: "--key" }] } }),
      attribute("process.pid", { intValue: "7" }),
    ];
    const links = [
      {
        traceId: "1".repeat(32),
        spanId: "1".repeat(16),
        attributes: [text("text", "/home/alice")],
      },
    ];
    const span = { name: "GET /home/:tab", attributes, links };
    await postBody(url, requestOf(1, { span, resource }));

    const [left] = await arrived(backend, 1);
    expect([left?.name, left?.attributes, left?.resource.attributes]).toEqual([
      "GET /home/:tab",
      {
        "http.request.header.authorization": "****",
        "db.password": "****",
        apiKey: "****",
        client_secret: "****",
        next_page_token: "****",
        HTTP_COOKIE: "****",
        PGPASSWD: "****",
        PGPASSWORD: "****",
        AWS_SECRET: "****",
        GH_TOKEN: "****",
        OPENAI_API_KEY: "****",
        APIKEY: "****",
        "gen_ai.usage.input_tokens": "12 (integer)",
        "http.route": "/home/:tab",
        "lifecycle.action.operation": "open ****",
        "lifecycle.run.id": "sk-abcdefghijklmnopqrstuvwxyz",
      },
      { "service.name": "app", "process.pid": "7 (integer)" },
    ]);
    // Nothing in the Collector reaches it: our own links hold enumerations only.
    expect(left?.links[0]?.attributes).toEqual({ text: "/home/alice" });
  });

  test("whoever sends what carries the texts through puts no word into a name, a message or an attribute", async () => {
    const { backend, url } = await start();
    const spoof = text("lifecycle.scrub.text", "spoofed");
    const parts: Parts = {
      span: {
        name: "GET /x",
        attributes: [text("http.route", "/x"), spoof, text("lifecycle.scrub.message", "spoofed")],
        events: [{ timeUnixNano: "1500000000", attributes: [spoof] }],
      },
      scope: { attributes: [spoof] },
    };
    // One takes each way.
    await postBody(url, requestOf(1, parts));
    await postBody(url, requestOf(2, parts));

    const spans = await arrived(backend, 2);
    expect(spans.map(({ name, status, events, scope }) => [name, status, events, scope])).toEqual(
      Array.from({ length: 2 }, () => [
        "GET /x",
        {},
        [{ timeUnixNano: "1500000000", attributes: {} }],
        { attributes: {} },
      ]),
    );
    expect(JSON.stringify(spans)).not.toContain("spoofed");
  });

  test("prompts and completions go where their lines are switched on, and stay where they are not", async () => {
    const attributes = [
      text("gen_ai.request.model", "m"),
      text("gen_ai.input.messages", "please"),
      text("gen_ai.output.messages", "done"),
      text("gen_ai.system_instructions", "be kind"),
      text("gen_ai.prompt.0.content", "please"),
      text("gen_ai.tool.call.arguments", "{}"),
      attribute("gen_ai.usage.output_tokens", { intValue: "3" }),
    ];
    const events = [
      {
        timeUnixNano: "1500000000",
        name: "gen_ai.user.message",
        attributes: [text("content", "please"), text("gen_ai.system", "s")],
      },
    ];
    const leftBy = async (config: string): Promise<WholeSpan | undefined> => {
      const { backend, url } = await start(config);
      await postBody(url, requestOf(1, { span: { attributes, events } }));
      return (await arrived(backend, 1))[0];
    };
    const without = await leftBy(editedConfig("gateway.yaml", { on: ["GENAI"] }));
    const kept = await leftBy("gateway.yaml");
    expect([without?.attributes, without?.events[0]?.attributes]).toEqual([
      { "gen_ai.request.model": "m", "gen_ai.usage.output_tokens": "3 (integer)" },
      { "gen_ai.system": "s" },
    ]);
    expect([Object.keys(kept?.attributes ?? {}).length, kept?.events[0]?.attributes]).toEqual([
      7,
      { content: "please", "gen_ai.system": "s" },
    ]);
  });
});
