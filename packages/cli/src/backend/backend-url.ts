import { InputError } from "../input/input-error.ts";

/** The address of a backend, with whatever path it is under. Throws InputError if it is none. */
export function backendUrlOf(text: string): URL {
  if (!URL.canParse(text)) throw new InputError(`"${withoutSecrets(text)}" is no URL`);
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new InputError(`"${withoutSecrets(text)}" is no URL of http or https`);
  if (url.search !== "" || url.hash !== "")
    throw new InputError(
      `${placeOf(url)}: give the address of the backend, without what follows "?" or "#"`,
    );
  return url;
}

/** A URL as messages show it: without user, password and query. */
export function placeOf(url: URL): string {
  return `${url.origin}${url.pathname.replace(/\/$/, "")}`;
}

/** A path below a backend's address. */
export function urlBelow(
  base: URL,
  path: string,
  parameters: Readonly<Record<string, string>>,
): URL {
  const url = new URL(`${placeOf(base)}${path}`);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}

/** A text that was meant as a URL, as messages show it: without what may be a secret. */
export function withoutSecrets(text: string): string {
  // Up to the last "@", because a password that was not encoded may hold any other sign.
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, "$1***@").replace(/[?#].*$/s, "");
}
