import { createScope, startAction } from "@otel-lifecycle/api";
import { afterEach, describe, expect, test, vi } from "vitest";
import { fork } from "../support/fork.ts";

const scope = createScope({ kind: "instance" });
const createId = (): string => {
  const action = startAction({ kind: "dispose", scope });
  action.end();
  return action.id;
};

afterEach(() => {
  vi.useRealTimers();
});

describe("an action's id", () => {
  test("is at most 64 characters of a-z 0-9 _ -", () => {
    expect(createId()).toMatch(/^[a-z0-9_-]{1,64}$/);
  });

  test("is unique", () => {
    const ids = Array.from({ length: 5_000 }, createId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("is unique across processes that begin at the same counter", () => {
    const [one, two] = [fork("action-ids"), fork("action-ids")];
    expect([one.status, two.status]).toEqual([0, 0]);
    const ids = [one.output, two.output].flat();
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("sorts by time, and within a millisecond as it was made", () => {
    vi.useFakeTimers({ now: 1_700_000_000_000 });
    const ids = [1, 1, 1, 1_000, 86_400_000, 31_536_000_000].map((later) => {
      const made = [createId(), createId()];
      vi.advanceTimersByTime(later);
      return made;
    });
    expect(ids.flat()).toEqual(ids.flat().sort());
  });
});
