import { InputError } from "../input/input-error.ts";

/** What is sent with each request, and must not be printed. */
export interface Credentials {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** A text with all that is secret in it taken out. */
  readonly censored: (text: string) => string;
}

export interface CredentialSources {
  /** `Name: value` each. */
  readonly options: readonly string[];
  /** `name=value,name=value`, percent-encoded as in OTEL_EXPORTER_OTLP_HEADERS. */
  readonly environment: string | undefined;
  readonly url: URL;
}

export const HEADERS_VARIABLE = "WHY_CLOSED_HEADERS";

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// What HTTP permits in a value; a line break in one would begin a header of its own.
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
// Shorter ones are words that stand in any sentence.
const SHORTEST_SECRET = 4;

/** Later sources win: the URL's user, then the environment, then the options. Throws InputError. */
export function credentialsOf({ options, environment, url }: CredentialSources): Credentials {
  const headers = new Map<string, string>([
    ...userOf(url),
    ...fromEnvironment(environment ?? ""),
    ...options.map(fromOption),
  ]);
  const secrets = [...headers.values()]
    .flatMap((value) => [value, ...value.split(/\s+/)])
    .concat(decoded(url.password), url.password)
    .filter((value) => value.length >= SHORTEST_SECRET)
    .sort((one, other) => other.length - one.length);
  return {
    headers: [...headers],
    censored: (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, "***"), text),
  };
}

type Header = readonly [name: string, value: string];

function userOf({ username, password }: URL): readonly Header[] {
  if (username === "" && password === "") return [];
  const pair = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString("base64");
  return [["authorization", `Basic ${pair}`]];
}

function fromOption(option: string): Header {
  const colon = option.indexOf(":");
  if (colon < 0) throw new InputError('--header takes "Name: value", and has no colon');
  return checked(option.slice(0, colon), option.slice(colon + 1), "--header");
}

function fromEnvironment(list: string): readonly Header[] {
  return list
    .split(",")
    .filter((item) => item.trim() !== "")
    .map((item) => {
      const sign = item.indexOf("=");
      if (sign < 0)
        throw new InputError(
          `${HEADERS_VARIABLE} takes name=value,name=value, and has no "=" in one`,
        );
      return checked(decoded(item.slice(0, sign)), decoded(item.slice(sign + 1)), HEADERS_VARIABLE);
    });
}

function checked(name: string, value: string, source: string): Header {
  const [trimmedName, trimmedValue] = [name.trim().toLowerCase(), value.trim()];
  // Neither is printed: what was meant as a value may stand where the name should.
  if (!NAME.test(trimmedName))
    throw new InputError(`${source}: a name of a header has signs that none may have`);
  if (!VALUE.test(trimmedValue))
    throw new InputError(`${source}: the value of ${trimmedName} has signs that none may have`);
  return [trimmedName, trimmedValue];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
