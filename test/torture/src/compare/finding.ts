/** What a comparison finds. `duplicated` alone is allowed. */
export interface Finding {
  readonly type: "lost" | "duplicated" | "duplicatedOutsideWindow" | "wrong";
  /** Which span, and what is the matter with it. */
  readonly what: string;
}

export const wrong = (what: string): Finding => ({ type: "wrong", what });
