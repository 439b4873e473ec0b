import type { ChatRequest, ModelEvent } from "./events.ts";

/** The provider answered, but not with what was asked for. */
class ModelError extends Error {
  override readonly name = "ModelError";
}

/**
 * Streams the provider's answer. It throws what `fetch` throws: the signal's reason after an
 * abort, a `TypeError` with the socket's error as its cause when the connection breaks.
 */
export async function* streamModel(
  url: string,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<ModelEvent> {
  const response = await fetch(`${url}/v1/chat`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify(request),
    signal,
  });
  if (!response.ok || response.body === null) {
    await response.body?.cancel();
    throw new ModelError(`the provider answered ${response.status}`);
  }
  let pending = "";
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (pending + text).split("\n\n");
    pending = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = parseEvent(block);
      yield event;
      if (event.type === "done") return;
    }
  }
  throw new ModelError("the provider's stream ended before it was done");
}

const parseEvent = (block: string): ModelEvent => JSON.parse(block.replace(/^data: /, ""));
