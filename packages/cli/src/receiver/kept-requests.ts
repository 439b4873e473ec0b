/** The bodies that a receiver keeps of one signal: the first, up to a bound. */
export interface KeptRequests {
  readonly all: readonly string[];
  readonly leftOut: () => number;
  readonly keep: (json: string) => void;
}

export function createKeptRequests(maxCharacters: number): KeptRequests {
  const all: string[] = [];
  let characters = 0;
  let leftOut = 0;
  return {
    all,
    leftOut: () => leftOut,
    keep: (json) => {
      if (characters + json.length > maxCharacters) {
        leftOut += 1;
        return;
      }
      characters += json.length;
      all.push(json);
    },
  };
}
