/** What looks on as a stream passes. What it throws stays here. */
export interface Look<Part> {
  /** Before the source is asked for its first part. */
  begin(): void;
  part(part: Part): void;
  /** The source ended of itself: not because the consumer let go of it. */
  end(): void;
  /** The source failed: not with an error that the consumer threw into it. */
  fail(error: unknown): void;
}

/** Tells a look what it is to see, and keeps from the host what it throws. */
export interface Watch<Part> {
  asked(): void;
  letGo(): void;
  answer(result: IteratorResult<Part, unknown>): void;
  error(error: unknown): void;
}

export const watchOf = <Part>(makeLook: () => Look<Part>): Watch<Part> => {
  let look: Look<Part> | undefined;
  let isOver = false;
  /** The look for the last time: what comes later says nothing of the provider. */
  const lastLook = () => {
    const last = isOver ? undefined : look;
    isOver = true;
    return last;
  };
  return {
    asked: () => {
      if (look !== undefined || isOver) return;
      try {
        look = makeLook();
        look.begin();
      } catch {}
    },
    letGo: () => {
      isOver = true;
    },
    answer: (result) => {
      // Nothing of this may reach the host; what could not be read, the look itself says.
      try {
        if (result.done) lastLook()?.end();
        else look?.part(result.value);
      } catch {}
    },
    error: (error) => {
      try {
        lastLook()?.fail(error);
      } catch {}
    },
  };
};
