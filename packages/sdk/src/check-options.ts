import { LifecycleError } from "@otel-lifecycle/api";
import { describe } from "@otel-lifecycle/api/internal";

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
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    const given = describe(options);
    throw new LifecycleError(
      "invalid_option",
      `${of}: expected an object of options, given ${given}`,
    );
  }
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(expected, name)) {
      const known = Object.keys(expected);
      const what = `the option${known.length > 1 ? "s" : ""} ${known.join(", ")}`;
      const message = `${of}: expected ${what}, given ${describe(name)}`;
      throw new LifecycleError("unknown_option", message);
    }
    const { what, fits } = expected[name as keyof T];
    if (value === undefined || fits(value)) continue;
    const message = `${of}: expected as ${name} ${what}, given ${describe(value)}`;
    throw new LifecycleError("invalid_option", message);
  }
};
