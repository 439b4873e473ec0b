import type { Account } from "../account/account.ts";
import { screenText } from "./screen-text.ts";

/** The service that a reader takes a row for; undefined where each row has to say its own. */
export type Said = string | undefined;

// As long as a row's name may be.
const LONGEST_SERVICE = 60;

/** What goes without saying of a whole account: the service of all its spans, if they have one. */
export function saidOf({ actions, runs }: Account): Said {
  const services = new Set([...actions, ...runs].map(({ service }) => service));
  const [only] = services;
  return services.size === 1 ? only : undefined;
}

/** ` in worker` for what was in another service than was said; nothing where it is not known. */
export function serviceText(
  { service }: { readonly service: string | undefined },
  said: Said,
): string {
  if (service === undefined || service === said) return "";
  return ` in ${screenText(service, LONGEST_SERVICE)}`;
}
