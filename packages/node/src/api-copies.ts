import { createRequire } from "node:module";
import * as api from "@opentelemetry/api";
import type { Application } from "./application.ts";
import { attempt, warn } from "./diagnostics.ts";

/** A copy of the API, as loaded. */
export type Api = Pick<typeof api, "context" | "diag" | "propagation" | "trace">;

const SPECIFIER = "@opentelemetry/api";
const require = createRequire(import.meta.url);

/**
 * The copies of the API through which another SDK may register itself: ours, as a module of both
 * kinds because 1.10 has one of each, and the application's. Warns if that one cannot see ours.
 */
export function apiCopies(application: Application): readonly Api[] {
  const copies = new Map<unknown, Api>([[api.trace, api]]);
  const add = (copy: Api): unknown => copies.set(copy.trace, copy);
  attempt("the application's copy of the API", () => {
    add(require(SPECIFIER) as Api);
    const theirs = application.resolve(SPECIFIER);
    if (theirs !== undefined && theirs !== require.resolve(SPECIFIER)) compare(theirs, add);
  });
  return [...copies.values()];
}

function compare(theirs: string, add: (copy: Api) => unknown): void {
  const [version, given] = [versionOf(require), versionOf(createRequire(theirs))];
  if (canUse(given, version)) add(require(theirs) as Api);
  else {
    warn(
      `The application has ${SPECIFIER} ${given}, which cannot use what ${version} registers: its spans go nowhere, without an error. Make them one: npm dedupe, or an override of ${SPECIFIER}.`,
    );
  }
}

function versionOf(from: NodeJS.Require): string {
  // `package.json` is not among the exports of 1.10.
  const folder = from.resolve(SPECIFIER).replace(/([\\/]@opentelemetry[\\/]api)[\\/].*$/, "$1");
  return String((from(`${folder}/package.json`) as { version: unknown }).version);
}

/** The API's own rule: the same major version, and not newer than what is registered. */
function canUse(version: string, registered: string): boolean {
  const [major, minor] = version.split(".").map(Number);
  const [otherMajor, otherMinor = 0] = registered.split(".").map(Number);
  return major === otherMajor && minor !== undefined && minor <= otherMinor;
}
