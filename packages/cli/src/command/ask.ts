import { accountOf } from "../account/account.ts";
import type { Backend } from "../backend/backend.ts";
import { BOUNDS } from "../backend/bounds.ts";
import { credentialsOf, HEADERS_VARIABLE } from "../backend/credentials.ts";
import { createHttpClient, type HttpClient } from "../backend/http-client.ts";
import { createJaeger } from "../backend/jaeger/jaeger.ts";
import { createLeftOut } from "../backend/left-out.ts";
import type { Question } from "../backend/question.ts";
import { checkServices } from "../backend/services.ts";
import { type Progress, storyOf } from "../backend/story.ts";
import { createTempo } from "../backend/tempo/tempo.ts";
import { WIDEST_MS } from "./backend-options.ts";
import { beforeSignal } from "./before-signal.ts";
import type { BackendCommand } from "./command.ts";
import { note } from "./output.ts";
import { printAccount } from "./print-account.ts";
import { createProgressLine } from "./progress-line.ts";

/**
 * Prints the account that a backend's traces give. Resolves with the exit status: 1 if what is
 * named by an id is not there. Throws InputError if the backend cannot be asked.
 */
export async function runAsk(command: BackendCommand): Promise<number> {
  const question = questionOf(command);
  const client = clientOf(command);
  const backend = backendOf(command.type, client, question);
  const leftOut = createLeftOut(backend.name);
  const progress = createProgressLine(
    process.stderr,
    ({ fetched, found }: Progress) => `${backend.name}: ${fetched} of ${found} traces`,
  );
  const stopListening = beforeSignal(progress.clear);
  try {
    // Where a search is by service a wrong one finds nothing; elsewhere it is asked for only then.
    if (!backend.searchesAllServices) await checkServices(backend, command.services);
    const spans = await storyOf(backend, question, {
      bounds: BOUNDS,
      leftOut,
      widest: {
        ...question.window,
        fromMs: question.window.toMs - Math.max(WIDEST_MS, command.sinceMs),
      },
      onProgress: progress.show,
    });
    if (spans.length === 0 && backend.searchesAllServices && command.services.length > 0)
      await checkServices(backend, command.services);
    progress.clear();
    // What follows does not wait, and a signal is heard only by what waits.
    stopListening();
    leftOut.sentences().forEach(note);
    if (spans.length === 0 && command.about.type !== "all") {
      note(absence(command, backend));
      return 1;
    }
    printAccount(accountOf(spans), command.printing);
    return 0;
  } finally {
    stopListening();
    progress.clear();
    client.close();
  }
}

function questionOf({ about, services, sinceMs }: BackendCommand): Question {
  // Spans begin before they are asked for, but for a clock that runs ahead of ours.
  const toMs = Math.ceil(Date.now() / 1000) * 1000;
  return { about, services, window: { fromMs: toMs - sinceMs, toMs } };
}

function clientOf({ url, headers, timeoutMs }: BackendCommand): HttpClient {
  const environment = process.env[HEADERS_VARIABLE];
  const credentials = credentialsOf({ options: headers, environment, url });
  return createHttpClient({ url, credentials, timeoutMs });
}

function backendOf(
  type: BackendCommand["type"],
  client: HttpClient,
  { window }: Question,
): Backend {
  return type === "jaeger" ? createJaeger(client) : createTempo(client, window);
}

function absence({ about, services, sinceMs }: BackendCommand, { name }: Backend): string {
  const what = about.type === "all" ? "" : `${about.type} ${about.id}`;
  const where = services.length === 0 ? "" : ` in ${services.join(" or ")}`;
  // The account prints a span's id where a run has none, and no backend is searched for those.
  const isSpanId = about.type === "run" && /^[0-9a-f]{16}$/.test(about.id);
  const hint = isSpanId ? "; a run without an id of its own is asked for by its trace's" : "";
  return `${name} has no ${what}${where} that began in the last ${hoursText(sinceMs)}${hint}`;
}

function hoursText(ms: number): string {
  const seconds = ms / 1000;
  if (seconds % 86_400 === 0) return `${seconds / 86_400} d`;
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
