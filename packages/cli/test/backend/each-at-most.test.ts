import { expect, test } from "vitest";
import { eachAtMost } from "../../src/backend/each-at-most.ts";

/** Calls that end when a test says so. */
function openCalls() {
  const open: { readonly item: number; readonly end: (error?: Error) => void }[] = [];
  const call = (item: number): Promise<void> =>
    new Promise((resolve, reject) => {
      open.push({ item, end: (error) => (error === undefined ? resolve() : reject(error)) });
    });
  return { open, call, begun: () => open.map(({ item }) => item) };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test("as many as are allowed are under way, and the next begins when one has ended", async () => {
  const { open, call, begun } = openCalls();
  const all = eachAtMost(2, [1, 2, 3], call);
  await turn();
  expect(begun()).toEqual([1, 2]);
  open[1]?.end();
  await turn();
  expect(begun()).toEqual([1, 2, 3]);
  open[0]?.end();
  open[2]?.end();
  await expect(all).resolves.toBeUndefined();
});

test("after a failure none begins", async () => {
  const { open, call, begun } = openCalls();
  const all = eachAtMost(2, [1, 2, 3, 4], call);
  await turn();
  open[0]?.end(new Error("no"));
  await expect(all).rejects.toThrow("no");
  open[1]?.end();
  await turn();
  expect(begun()).toEqual([1, 2]);
});

test("nothing to call is done at once", async () => {
  await expect(eachAtMost(2, [], async () => undefined)).resolves.toBeUndefined();
});
