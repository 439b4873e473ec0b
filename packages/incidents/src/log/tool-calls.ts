/** Numbers for the calls of tools of one run, so that their ids stay inside. */
export interface ToolCalls {
  /** The number of the call with this id, from 1; a new one if it is not remembered. */
  numberOf(id: string): number;
  /** The call has ended: it is the first to be forgotten. */
  end(id: string): void;
}

/** How many calls are remembered while they are open, and how many that have ended. */
const MAX_OPEN_CALLS = 256;
const MAX_ENDED_CALLS = 64;

export const createToolCalls = (): ToolCalls => {
  const open = new Map<string, number>();
  const ended = new Map<string, number>();
  let last = 0;
  return {
    numberOf(id) {
      const known = open.get(id) ?? ended.get(id);
      if (known !== undefined) return known;
      last += 1;
      remember(open, { id, number: last, most: MAX_OPEN_CALLS });
      return last;
    },
    end(id) {
      const number = open.get(id);
      if (number === undefined) return;
      open.delete(id);
      remember(ended, { id, number, most: MAX_ENDED_CALLS });
    },
  };
};

interface Remembered {
  readonly id: string;
  readonly number: number;
  readonly most: number;
}

/** Forgets the oldest for it. */
const remember = (calls: Map<string, number>, { id, number, most }: Remembered): void => {
  if (calls.size >= most) {
    const [oldest] = calls.keys();
    if (oldest !== undefined) calls.delete(oldest);
  }
  calls.set(id, number);
};
