import type { Backend, Search, TimeWindow } from "./backend.ts";
import { type Bounds, REQUESTS_AT_ONCE } from "./bounds.ts";
import { eachAtMost } from "./each-at-most.ts";
import type { LeftOut } from "./left-out.ts";

/** Finds the traces of searches, whatever a backend puts into one answer. */
export interface Searching {
  /** Each search is made once, however often it is asked for. Resolves with the ids that it found. */
  readonly find: (searches: Iterable<Search>, window: TimeWindow) => Promise<readonly string[]>;
}

export interface SearchingOptions {
  readonly bounds: Bounds;
  readonly leftOut: LeftOut;
  /** Called with the number of traces found so far. */
  readonly onFound: (traces: number) => void;
}

export function createSearching(
  backend: Backend,
  { bounds, leftOut, onFound }: SearchingOptions,
): Searching {
  const made = new Set<string>();
  const found = new Set<string>();
  let requests = 0;

  /**
   * A window whose answer is full is asked again in halves: no backend can go on from where an
   * answer ended, nor says which traces it preferred. The later half comes first, as it matters more.
   */
  async function findWithin(search: Search, window: TimeWindow): Promise<void> {
    // One more than will be fetched, so that it is known that there are more.
    if (found.size > bounds.traces) return;
    if (requests >= bounds.searches) return leftOut.add("searches");
    if (backend.bytes() >= bounds.bytes) return leftOut.add("bytes");
    requests += 1;
    const page = await backend.find(search, window);
    const halves = page.isWhole ? [] : halvesOf(window, backend.shortestWindowMs);
    for (const half of halves) await findWithin(search, half);
    if (halves.length > 0) return;
    for (const id of page.traceIds) found.add(id);
    if (!page.isWhole) leftOut.add("full_page");
    onFound(found.size);
  }

  /** Those that were not made yet, and no more of them than show that the bound is met. */
  function freshOf(searches: Iterable<Search>): readonly Search[] {
    const fresh: Search[] = [];
    for (const search of searches) {
      if (made.size > bounds.searches) break;
      const key = keyOf(search);
      if (made.has(key)) continue;
      made.add(key);
      fresh.push(search);
    }
    return fresh;
  }

  return {
    find: async (searches, window) => {
      const known = new Set(found);
      const fresh = freshOf(searches);
      await eachAtMost(REQUESTS_AT_ONCE, fresh, (search) => findWithin(search, window));
      return [...found].filter((id) => !known.has(id));
    },
  };
}

function keyOf({ attribute, value, service }: Search): string {
  return JSON.stringify([attribute, value, service]);
}

function halvesOf({ fromMs, toMs }: TimeWindow, shortestMs: number): readonly TimeWindow[] {
  const middle = fromMs + Math.floor((toMs - fromMs) / 2 / shortestMs) * shortestMs;
  if (middle <= fromMs || middle >= toMs) return [];
  return [
    { fromMs: middle, toMs },
    { fromMs, toMs: middle },
  ];
}
