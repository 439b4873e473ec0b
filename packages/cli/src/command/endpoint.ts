import { withoutSecrets } from "../backend/backend-url.ts";
import { InputError } from "../input/input-error.ts";
import { TRACES_PATH } from "../receiver/request-head.ts";

const TRACES_VARIABLE = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
const VARIABLE = "OTEL_EXPORTER_OTLP_ENDPOINT";

/**
 * Where traces are sent: what is given is a base, to which the path is added unless it is there, and
 * so is OTEL_EXPORTER_OTLP_ENDPOINT; OTEL_EXPORTER_OTLP_TRACES_ENDPOINT is taken as it is, and comes
 * before it (OpenTelemetry specification, "OpenTelemetry Protocol Exporter"). Throws InputError if
 * none is given, or what is given is no URL of http or https.
 */
export function endpointOf(given: string | undefined, environment: NodeJS.ProcessEnv): URL {
  if (given !== undefined) return withPath(urlOf("--endpoint", given));
  const traces = environment[TRACES_VARIABLE];
  if (traces) return urlOf(TRACES_VARIABLE, traces);
  const base = environment[VARIABLE];
  if (base) return withPath(urlOf(VARIABLE, base));
  throw new InputError(
    `say where the spans are to go: --endpoint URL, or ${VARIABLE} (see --help)`,
  );
}

function urlOf(source: string, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new InputError(
    `${source} takes a URL of http or https, such as http://127.0.0.1:4318, not "${withoutSecrets(text)}"`,
  );
}

function withPath(base: URL): URL {
  const url = new URL(base);
  const path = url.pathname.replace(/\/+$/, "");
  url.pathname = path.endsWith(TRACES_PATH) ? path : `${path}${TRACES_PATH}`;
  return url;
}
