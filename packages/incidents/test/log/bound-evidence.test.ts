import { type Evidence, NOTHING_OMITTED } from "@otel-lifecycle/incidents";
import { describe, expect, test } from "vitest";
import { boundEvidence, MAX_IN_EXPORT } from "../../dist/log/bound-evidence.js";

const piece = (order: number, type: string, more: Partial<Evidence> = {}): Evidence => ({
  type,
  order,
  count: 1,
  source: "application",
  attempt: 0,
  facts: { name: `name-${order}` },
  redactions: [],
  ...more,
});
const own = (count: number) =>
  Array.from({ length: count }, (_, index) => piece(index + 1, "cache_hit"));

describe("rule 29: the bound of an export", () => {
  test("24 pieces pass as they are", () => {
    const evidence = own(24);
    expect(
      boundEvidence({ evidence, omitted: NOTHING_OMITTED, decisive: [], limit: MAX_IN_EXPORT }),
    ).toEqual({ evidence, omitted: NOTHING_OMITTED });
  });

  test("of 25 one is omitted, and its place is told", () => {
    const evidence = own(25);
    expect(
      boundEvidence({ evidence, omitted: NOTHING_OMITTED, decisive: [], limit: MAX_IN_EXPORT }),
    ).toEqual({
      evidence: evidence.filter(({ order }) => order !== 2),
      omitted: {
        total: 1,
        byType: { cache_hit: 1 },
        effects: [],
        gaps: [{ after: 1, count: 1 }],
      },
    });
  });

  test("what is said to decide stays, whatever its type", () => {
    const evidence = own(64);
    const decisive = [evidence[10], evidence[20]].filter((one) => one !== undefined);
    const bounded = boundEvidence({ evidence, omitted: NOTHING_OMITTED, decisive, limit: 3 });
    expect(bounded.evidence.map(({ order }) => order)).toEqual([1, 11, 21]);
  });

  test("what was omitted before is counted with what is omitted now, each behind what stays", () => {
    const evidence = [
      piece(3, "tool_execution_started", { facts: { effect: "external", tool: "send_mail" } }),
      ...own(30).map((one) => ({ ...one, order: Number(one.order) + 10 })),
    ];
    const bounded = boundEvidence({
      evidence,
      omitted: {
        total: 7,
        byType: { cache_hit: 5, queue_left: 2 },
        effects: ["read_only"],
        gaps: [
          { after: undefined, count: 2 },
          { after: 12, count: 5 },
        ],
      },
      decisive: [],
      limit: 24,
    });
    expect(bounded.evidence.map(({ order }) => order).slice(0, 4)).toEqual([3, 11, 19, 20]);
    expect(bounded.omitted).toEqual({
      total: 14,
      byType: { cache_hit: 12, queue_left: 2 },
      effects: ["read_only"],
      gaps: [
        { after: undefined, count: 2 },
        { after: 11, count: 12 },
      ],
    });
  });
});
