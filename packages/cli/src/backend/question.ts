import type { TimeWindow } from "./backend.ts";

/** What somebody wants to know of a backend. */
export interface Question {
  readonly about:
    | { readonly type: "action"; readonly id: string }
    | { readonly type: "run"; readonly id: string }
    /** Everything that began in the window. */
    | { readonly type: "all" };
  /** The services whose spans it is about; none for any. */
  readonly services: readonly string[];
  readonly window: TimeWindow;
}
