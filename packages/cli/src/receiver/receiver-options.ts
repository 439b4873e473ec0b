import type { Signal } from "../otlp/signal.ts";

/** How a receiver listens, what it bounds, and who else is given what it takes. */
export interface ReceiverOptions {
  /** Default 4318, OTLP/HTTP's; 0 takes a free one. */
  readonly port?: number;
  /** Default `127.0.0.1`: it authenticates nobody, so other machines are not to reach it unasked. */
  readonly host?: string;
  /** The limit of one body, as claimed, as received and as decompressed; default 16 MiB. */
  readonly maxBodyBytes?: number;
  /**
   * The limit of what all requests under way hold together, in bytes as received and as
   * decompressed; default 64 MiB, and never less than `maxBodyBytes`. A request that would exceed it
   * beside others gets a 503 with `Retry-After: 1`, which OTLP exporters retry; one that is alone
   * has only the limit of its own body.
   */
  readonly maxBytesInFlight?: number;
  /** Milliseconds within which a request must have arrived whole; default 30,000. */
  readonly requestTimeoutMs?: number;
  /** The limit of the kept requests of one signal together, in characters; default 256 Mi. */
  readonly maxKeptCharacters?: number;
  /** The limit of the kept spans; default 1,000,000. What is beyond is refused as a partial success. */
  readonly maxSpans?: number;
  /**
   * Is given each accepted body in JSON, as received or what protobuf says in it, before the sender
   * is answered. If it throws, the sender gets a 503, which OTLP exporters retry.
   */
  readonly onRequest?: (json: string, signal: Signal) => void;
}
