import type { ChatChunk, ChatRequest, ErrorBody } from "./chat.ts";

/** The provider answered, but not with what was asked for. */
export class ModelError extends Error {
  override readonly name = "ModelError";
  /** The provider's word for what went wrong, e.g. `rate_limit_error`. */
  readonly type: string | undefined;
  /** The HTTP status; none once the stream had begun. */
  readonly status: number | undefined;

  constructor({ message, type }: Partial<ErrorBody>, status?: number) {
    super(message);
    this.type = type;
    this.status = status;
  }
}

/**
 * Streams the provider's answer. It throws what `fetch` throws: the signal's reason after an
 * abort, a `TypeError` with the socket's error as its cause when the connection breaks.
 */
export async function* streamModel(
  url: string,
  request: ChatRequest,
  signal: AbortSignal,
): AsyncGenerator<ChatChunk> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "text/event-stream" },
    body: JSON.stringify(request),
    signal,
  });
  if (!response.ok || response.body === null) {
    throw new ModelError(await errorIn(response), response.status);
  }
  let pending = "";
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (pending + text).split("\n\n");
    pending = blocks.pop() ?? "";
    for (const block of blocks) {
      const data = block.replace(/^data: /, "");
      if (data === "[DONE]") return;
      yield JSON.parse(data);
    }
  }
  throw new ModelError({ message: "the stream ended before it was done" });
}

const errorIn = async (response: Response): Promise<Partial<ErrorBody>> => {
  try {
    return JSON.parse(await response.text()).error ?? {};
  } catch {
    return {};
  }
};
