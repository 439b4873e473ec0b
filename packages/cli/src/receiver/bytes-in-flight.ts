import { type Refusal, refused } from "./answer.ts";

/** What all requests that are under way hold together, in bytes as received and as unpacked. */
export interface BytesInFlight {
  readonly enter: () => Share;
}

/** What one request holds of it. */
export interface Share {
  /** Counts bytes that came or were unpacked, or says why there is no room for them. */
  readonly add: (bytes: number) => Refusal | undefined;
  /** Gives all of it back; nothing is to be added afterwards. */
  readonly leave: () => void;
}

export function createBytesInFlight(maxBytes: number): BytesInFlight {
  let inFlight = 0;

  return { enter };

  function enter(): Share {
    let own = 0;
    return {
      add: (bytes) => {
        // Never refused while alone, because it would be each time it came again: a gzip body that
        // is within its own limit holds more than that limit together with what was sent.
        const isAlone = inFlight === own;
        if (!isAlone && inFlight + bytes > maxBytes) return busy(maxBytes);
        inFlight += bytes;
        own += bytes;
        return undefined;
      },
      leave: () => {
        inFlight -= own;
        own = 0;
      },
    };
  }
}

function busy(maxBytes: number): Refusal {
  // OTLP/HTTP, "OTLP/HTTP Throttling": without Retry-After a sender waits as long as it likes.
  return refused(
    503,
    `the requests under way hold more than ${maxBytes} bytes together; send this one again`,
    { "Retry-After": "1" },
  );
}
