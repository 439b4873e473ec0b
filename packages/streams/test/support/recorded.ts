import type { EvidenceFacts, Run } from "@otel-lifecycle/api";
import { observeStream, type StreamFormat } from "@otel-lifecycle/streams";

/** What a run was told: a type and its facts, without the source that all of a stream have. */
export type Told = readonly [type: string, facts?: Omit<EvidenceFacts, "source">];

/** A run that keeps what it is told. */
export const listeningRun = (): Pick<Run, "evidence"> & { readonly told: Told[] } => {
  const told: Told[] = [];
  return {
    told,
    evidence: (type, facts) => {
      const { source, ...rest } = facts ?? {};
      const said = source === "provider_stream" ? rest : { source, ...rest };
      told.push(Object.keys(said).length > 0 ? [type, said] : [type]);
    },
  };
};

/** What a run is told of a stream of these parts, which then fails with `error` if there is one. */
export const toldOf = async <Part>(
  format: StreamFormat<Part>,
  parts: readonly Part[],
  failure?: { readonly error: unknown },
): Promise<readonly Told[]> => {
  const run = listeningRun();
  try {
    for await (const _ of observeStream(run, streamOf(parts, failure), format));
  } catch (error) {
    if (failure === undefined || error !== failure.error) throw error;
  }
  return run.told;
};

export async function* streamOf<Part>(
  parts: readonly Part[],
  failure?: { readonly error: unknown },
): AsyncGenerator<Part, void> {
  yield* parts;
  if (failure !== undefined) throw failure.error;
}

/** An error as Node's `fetch` gives it when the connection breaks in a body. */
export const brokenOff = (): Error =>
  new TypeError("terminated", { cause: Object.assign(new Error("x"), { code: "UND_ERR_SOCKET" }) });
