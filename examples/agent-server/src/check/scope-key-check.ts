import {
  ATTR_ACTION_ID,
  ATTR_ACTION_PARENT_ID,
  ATTR_ACTION_RESULT,
  ATTR_RUN_ID,
  ATTR_RUN_RESULT,
  ATTR_SCOPE_KEY,
} from "@otel-lifecycle/api";
import { byId } from "./by-id.ts";
import { differences } from "./difference.ts";
import type { Driven } from "./driven.ts";
import type { WireSpan } from "./wire-span.ts";

/**
 * Where the keys of scopes do not tell the directories apart. A key is random to whoever reads it,
 * so the first run in a directory says what its key is.
 */
export const unmetKeys = (driven: Driven, spans: readonly WireSpan[]): string[] => {
  const runs = spans.filter(({ attributes }) => attributes.has(ATTR_RUN_RESULT));
  const keys = new Map<string, string>();
  for (const { id, directory } of driven.runs) {
    const run = runs.find(({ attributes }) => attributes.get(ATTR_RUN_ID) === id);
    if (!keys.has(directory) && run !== undefined) keys.set(directory, keyOn(run));
  }
  const directories = [...keys.keys()];
  const shared = directories.filter((name, at) =>
    directories.slice(0, at).some((earlier) => keys.get(earlier) === keys.get(name)),
  );

  return [
    ...shared.map((name) => `${ATTR_SCOPE_KEY}: ${name} has the key of another directory`),
    ...differences(expectedKeys(driven, keys), toldKeys(driven, spans), ATTR_SCOPE_KEY),
  ];
};

const NO_KEY = "no key";

const expectedKeys = ({ runs, actions }: Driven, keys: ReadonlyMap<string, string>): object => {
  const keyOf = (directory: string | undefined): string =>
    directory === undefined ? NO_KEY : hexOnly(keys.get(directory));
  return {
    runs: byId(runs.map(({ id, directory }) => ({ id, key: keyOf(directory) }))),
    actions: byId(
      actions.map(({ id, directory }) => ({
        id,
        key: keyOf(directory),
        // A dispose inside it for each directory in which it closed something.
        inner: distinct(
          runs.filter(({ action }) => action === id).map((run) => keyOf(run.directory)),
        ),
      })),
    ),
  };
};

const toldKeys = ({ runs, actions }: Driven, spans: readonly WireSpan[]): object => ({
  runs: byId(
    runs.flatMap(({ id }) =>
      keysOf(spans, ATTR_RUN_RESULT, [ATTR_RUN_ID, id]).map((key) => ({ id, key })),
    ),
  ),
  actions: byId(
    actions.flatMap(({ id }) =>
      keysOf(spans, ATTR_ACTION_RESULT, [ATTR_ACTION_ID, id]).map((key) => ({
        id,
        key,
        inner: distinct(keysOf(spans, ATTR_ACTION_RESULT, [ATTR_ACTION_PARENT_ID, id])),
      })),
    ),
  ),
});

const keysOf = (
  spans: readonly WireSpan[],
  has: string,
  [name, text]: readonly [string, string],
): string[] =>
  spans.filter(({ attributes }) => attributes.has(has) && attributes.get(name) === text).map(keyOn);

const keyOn = ({ attributes }: WireSpan): string =>
  String(attributes.get(ATTR_SCOPE_KEY) ?? NO_KEY);

const hexOnly = (key = ""): string => (/^[0-9a-f]{16}$/.test(key) ? key : "16 hex digits");

const distinct = (keys: readonly string[]): string => [...new Set(keys)].sort().join(" ");
