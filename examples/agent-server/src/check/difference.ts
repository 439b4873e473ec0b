/** Every place at which two plain values differ. Empty when they are the same. */
export const differences = (expected: unknown, actual: unknown, where = "account"): string[] => {
  if (isObject(expected) && isObject(actual)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => differences(expected[key], actual[key], `${where}.${key}`));
  }
  if (Object.is(expected, actual)) return [];
  if (actual === undefined) return [`${where} is missing`];
  if (expected === undefined) return [`${where} was not driven`];
  return [`${where}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`];
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
