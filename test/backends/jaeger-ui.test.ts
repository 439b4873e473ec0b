import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeWith } from "./support/binary.ts";
import { CONFIGS } from "./support/collector.ts";
import { DEMO_SERVICE, type PlayedDemo, playDemo } from "./support/demo.ts";
import { startJaeger } from "./support/jaeger.ts";
import { searchJaeger, type UiSpan, type UiTrace, uiTraceOf } from "./support/jaeger-api.ts";
import { type Link, type LinkPattern, linksOf } from "./support/link-patterns.ts";

const FILE = join(CONFIGS, "jaeger-ui.json");
const { linkPatterns } = JSON.parse(readFileSync(FILE, "utf8")) as {
  readonly linkPatterns: readonly LinkPattern[];
};

// No tag of a span holds its service, and the older search wants one.
const CHOSEN = "in the service that you choose";

/** The links of all spans of the demo that have a tag. */
const linksWith = async (
  { jaeger, sent }: PlayedDemo,
  key: string,
): Promise<readonly (readonly [UiSpan, readonly Link[]])[]> => {
  const traceIds = new Set(
    sent.filter(({ attributes }) => key in attributes).map(({ traceId }) => traceId),
  );
  const traces = await Promise.all([...traceIds].map((id) => uiTraceOf(jaeger.url, id)));
  return traces.flatMap((trace) =>
    trace.spans
      .filter((span) => tagOf(span, key) !== undefined)
      .map((span) => [span, linksOf(linkPatterns, span, trace)] as const),
  );
};

const tagOf = ({ tags }: UiSpan, key: string) => tags.find((tag) => tag.key === key)?.value;

const requireLink = (links: readonly Link[], key: string, text: string): URL => {
  const found = links.filter((link) => link.key === key && link.text === text);
  expect(found.length).toBe(1);
  // The page's base is the path that Jaeger is under.
  return new URL(found[0]?.url ?? "", "http://jaeger/base/");
};

/** What a search by a link finds once a service is chosen in its form, as storages that want one make one do. */
const searched = (link: URL, { jaeger }: PlayedDemo): Promise<readonly UiTrace[]> => {
  expect(link.pathname).toBe("/base/search");
  const { service, lookback, ...rest } = Object.fromEntries(link.searchParams);
  expect([service, lookback]).toEqual(["__all_services__", "2d"]);
  const start = `${(Date.now() - 2 * 86_400_000) * 1000}`;
  return searchJaeger(jaeger.url, {
    ...rest,
    service: DEMO_SERVICE,
    start,
    end: `${Date.now() * 1000}`,
  });
};

const runsClosedBy = (traces: readonly UiTrace[], id: unknown) =>
  traces
    .flatMap(({ spans }) => spans)
    .filter((span) => tagOf(span, "lifecycle.close.action.id") === id)
    .flatMap((span) =>
      tagOf(span, "lifecycle.run.result") ? [tagOf(span, "lifecycle.run.id")] : [],
    )
    .sort();

describeWith(["jaeger"], "jaeger-ui.json", () => {
  test("a real Jaeger starts with it and hands it to its UI", async () => {
    const { url } = await startJaeger({ uiConfig: FILE });
    const page = await (await fetch(`${url}/`)).text();
    const [, config = ""] = /JAEGER_CONFIG = (\{.*\});/.exec(page) ?? [];
    expect(JSON.parse(config)).toEqual({ linkPatterns });
  });
});

describeWith(["otelcol", "jaeger"], "the links of jaeger-ui.json on the demo's spans", () => {
  test("each run that an action closed, and each span below it, leads to the action's span alone", async () => {
    const demo = await playDemo();
    const closed = await linksWith(demo, "lifecycle.close.action.id");
    expect(closed.length).toBe(
      demo.sent.filter(({ attributes }) => "lifecycle.close.action.id" in attributes).length,
    );
    for (const [span, links] of closed) {
      const link = requireLink(links, "lifecycle.close.action.id", "The action that closed it");
      const [, traceId = ""] = /^\/base\/trace\/([0-9a-f]{32})$/.exec(link.pathname) ?? [];
      const { spans } = await uiTraceOf(demo.jaeger.url, traceId);
      const [action, ...others] = spans.filter((other) =>
        isFound(other, link.searchParams.get("uiFind") ?? ""),
      );
      expect(others).toEqual([]);
      expect(action && tagOf(action, "lifecycle.action.id")).toBe(
        tagOf(span, "lifecycle.close.action.id"),
      );
    }
  });

  test("each action, and each run that it closed, leads to all its runs and no other", async () => {
    const demo = await playDemo();
    const sentRuns = (id: unknown) =>
      demo.sent
        .map(({ attributes }) => attributes)
        .filter(
          (span) => span["lifecycle.close.action.id"] === id && "lifecycle.run.result" in span,
        )
        .map((span) => span["lifecycle.run.id"])
        .sort();
    let runs = 0;
    for (const key of ["lifecycle.action.id", "lifecycle.close.action.id"]) {
      for (const [span, links] of await linksWith(demo, key)) {
        const id = tagOf(span, key);
        const found = runsClosedBy(
          await searched(requireLink(links, key, `All that this action closed, ${CHOSEN}`), demo),
          id,
        );
        expect(found).toEqual(sentRuns(id));
        runs += found.length;
      }
    }
    expect(runs).toBeGreaterThan(12);
  });

  test("a nested action leads to the one around it and to all below the outermost", async () => {
    const demo = await playDemo();
    const nested = await linksWith(demo, "lifecycle.action.parent_id");
    expect(nested.length).toBe(5);
    for (const [span, links] of nested) {
      const around = await searched(
        requireLink(links, "lifecycle.action.parent_id", `The action around this one, ${CHOSEN}`),
        demo,
      );
      const ids = around
        .flatMap(({ spans }) => spans)
        .map((other) => tagOf(other, "lifecycle.action.id"));
      expect(ids).toContain(tagOf(span, "lifecycle.action.parent_id"));
      const root = tagOf(span, "lifecycle.action.root_id");
      const below = await searched(
        requireLink(
          links,
          "lifecycle.action.root_id",
          `All actions below the outermost one, ${CHOSEN}`,
        ),
        demo,
      );
      const roots = below
        .flatMap(({ spans }) => spans)
        .map((other) => tagOf(other, "lifecycle.action.root_id"));
      expect(new Set(roots.filter((id) => id !== undefined))).toEqual(new Set([root]));
    }
  });
});

/** What the UI's search within a trace marks: a span's id, or a text in a name, a key or a value. */
const isFound = ({ spanID, operationName, tags }: UiSpan, text: string): boolean =>
  spanID === text ||
  [operationName, ...tags.flatMap(({ key, value }) => [key, `${value}`])].some((word) =>
    word.includes(text),
  );
