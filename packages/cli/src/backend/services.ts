import type { Backend } from "./backend.ts";

const MOST_NAMED = 10;

/** Throws InputError, with those that there are, unless a backend knows one of the services, and all if it searches by them. */
export async function checkServices(backend: Backend, services: readonly string[]): Promise<void> {
  const known = await backend.services();
  if (known === undefined) return;
  const unknown = services.filter((service) => !known.includes(service));
  if (services.length === 0)
    throw backend.error(
      `name a service with --service, ${backend.name} wants one; ${knownText(known)}`,
    );
  const isFound = backend.searchesAllServices && unknown.length < services.length;
  if (unknown.length > 0 && !isFound)
    throw backend.error(`no service "${unknown.join('", "')}" is known there; ${knownText(known)}`);
}

function knownText(services: readonly string[]): string {
  if (services.length === 0) return "it knows none yet";
  const rest = services.length - MOST_NAMED;
  const named = [...services].sort().slice(0, MOST_NAMED).join(", ");
  return `it knows ${named}${rest > 0 ? ` and ${rest} more` : ""}`;
}
