/** An answer of an HTTP server, read whole. */
export interface WholeAnswer {
  readonly type: "whole";
  readonly status: number;
  readonly text: string;
}

export type HttpAnswer =
  | WholeAnswer
  /** Longer than what is read; nothing of it is kept. */
  | { readonly type: "too_large" };

/** Reads an answer's body up to a number of bytes, as decompressed: a small one may unfold to anything. */
export async function readAnswer(response: Response, longest: number): Promise<HttpAnswer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bodyOf(response)) {
    length += chunk.byteLength;
    // Leaving the loop cancels the body, and with it the connection.
    if (length > longest) return { type: "too_large" };
    chunks.push(chunk);
  }
  return {
    type: "whole",
    status: response.status,
    text: new TextDecoder().decode(Buffer.concat(chunks)),
  };
}

function bodyOf(response: Response): AsyncIterable<Uint8Array> | readonly Uint8Array[] {
  // The type of the web's streams does not say that Node's can be iterated over.
  return (response.body as AsyncIterable<Uint8Array> | null) ?? [];
}
