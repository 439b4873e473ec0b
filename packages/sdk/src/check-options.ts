import { LifecycleError } from "@otel-lifecycle/api";

/** What is expected of each option. */
export type Expected<T> = {
  readonly [name in keyof Required<T>]: {
    readonly what: string;
    fits(value: unknown): boolean;
  };
};

/** @throws LifecycleError `invalid_option` or `unknown_option`. */
export const checkOptions = <T extends object>(
  of: string,
  options: T,
  expected: Expected<T>,
): void => {
  if (typeof options !== "object" || options === null) {
    throw new LifecycleError(
      "invalid_option",
      `${of}: expected an object, given ${typeof options}`,
    );
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(expected, name)) {
      const known = Object.keys(expected).join(", ");
      const given = name.slice(0, MAX_SHOWN);
      throw new LifecycleError("unknown_option", `${of}: expected ${known}, given ${given}`);
    }
    const { what, fits } = expected[name as keyof T];
    if (value === undefined || fits(value)) continue;
    throw new LifecycleError(
      "invalid_option",
      `${of}.${name}: expected ${what}, given a value of type ${typeof value}`,
    );
  }
};

const MAX_SHOWN = 64;
