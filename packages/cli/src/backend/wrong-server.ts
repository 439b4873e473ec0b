import type { InputError } from "../input/input-error.ts";
import type { Backend } from "./backend.ts";
import type { HttpAnswer } from "./http-answer.ts";
import type { HttpClient } from "./http-client.ts";
import { wordsOf } from "./http-failure.ts";

const USUAL_PORT = { Jaeger: 16_686, Tempo: 3200 } as const;

/** What a server is that answers as no such backend does, as far as one can tell. */
export async function wrongServer(
  client: HttpClient,
  name: Backend["name"],
  answer: HttpAnswer,
): Promise<InputError> {
  if (answer.type === "too_large")
    return client.error(`this is no ${name}: its answer does not end`);
  if (answer.status >= 500)
    return client.error(`it failed (${answer.status}): ${wordsOf(answer.text)}`);
  const port = `${name} is asked at another port, ${USUAL_PORT[name]} as a rule`;
  if (await takesOtlp(client)) return client.error(`this is where OTLP is sent to; ${port}`);
  const isPage = /^\s*</.test(answer.text);
  const given = isPage ? "a page of HTML" : `"${wordsOf(answer.text)}"`;
  return client.error(
    `this is no ${name}, it answers ${given} (${answer.status}); does the address lack a path, is a log-in in the way, or is it another port than ${USUAL_PORT[name]}?`,
  );
}

/** A receiver of OTLP knows the path, and not the method. */
async function takesOtlp(client: HttpClient): Promise<boolean> {
  const probe = await client.get("/v1/traces");
  return probe.type === "whole" && probe.status === 405;
}
