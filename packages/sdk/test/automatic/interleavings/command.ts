import fc from "fast-check";

/** What may happen in a process. Indexes mean "one of those that there are". */
export type Command =
  | { readonly type: "begin root"; readonly scope: number }
  | {
      readonly type: "begin run";
      readonly scope: number;
      /** Below a root or a run that began, be that over by now, or by itself. */
      readonly below: number | undefined;
      readonly readsSignal: boolean;
    }
  | { readonly type: "end"; readonly work: number; readonly ending: Ending }
  | { readonly type: "start action"; readonly scope: number; readonly asks: boolean }
  | { readonly type: "end action"; readonly action: number };

/** An automatic run has no reason to end with: for it that is an error too. */
export type Ending = "plain" | "error" | "reason";

/** The scopes of the process: one, and two in it. */
export const SCOPE_PARENTS = [undefined, 0, 0] as const;

const scope = fc.nat(SCOPE_PARENTS.length - 1);
const index = fc.nat(9);

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("begin root" as const), scope }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("begin run" as const),
      scope,
      below: fc.option(index, { nil: undefined, freq: 6 }),
      readsSignal: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant("end" as const),
      work: index,
      ending: fc.constantFrom<Ending>("plain", "error", "reason"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("start action" as const), scope, asks: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("end action" as const), action: index }) },
);

export const commands: fc.Arbitrary<Command[]> = fc.array(command, { maxLength: 30 });

/** The item that an index of a command means. */
export const pick = <T>(items: readonly T[], at: number): T | undefined =>
  items[at % Math.max(items.length, 1)];
