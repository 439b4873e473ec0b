import type { Form, RecordForm } from "../../src/document/shape.ts";

/** A document with one thing changed. */
export interface Mutation {
  readonly title: string;
  readonly value: unknown;
}

/** A value at its bounds: each of these fits. */
export const atBounds = (form: Form, value: unknown, path = ""): readonly Mutation[] => [
  ...lastAccepted(form, value).map(([what, one]) => ({ title: `${path} ${what}`, value: one })),
  ...inside(form, value, path, atBounds),
];

/** A value beyond one of its bounds: none of these fits. */
export const beyondBounds = (form: Form, value: unknown, path = ""): readonly Mutation[] => [
  ...firstRejected(form, value).map(([what, one]) => ({ title: `${path} ${what}`, value: one })),
  ...inside(form, value, path, beyondBounds),
];

type Changed = readonly [what: string, value: unknown];

const lastAccepted = (form: Form, value: unknown): readonly Changed[] => {
  switch (form.type) {
    case "text":
      return form.pattern.test(padded(value, form.max))
        ? [["at its length", padded(value, form.max)]]
        : [];
    case "one_of":
      return form.values.map((one) => [one, one]);
    case "number":
      return [form.min, form.max].map((one) => [`${one}`, one]);
    case "list":
      return [
        ["empty", []],
        ["full", filled(value, form.max)],
      ];
    case "table":
      return [["full", table(form.max)]];
    case "record":
      return namesOf(form, false).map((name) => [`without ${name}`, without(value, name)]);
    default:
      return [];
  }
};

const firstRejected = (form: Form, value: unknown): readonly Changed[] => {
  switch (form.type) {
    case "text":
      return [
        ["empty", ""],
        ["too long", padded(value, form.max + 1)],
        ["of two lines", `${value}\n`],
        ["with a control character", `${value}\u001b[31m`],
        ["of other letters", `${value}é`],
        ["no text", 1],
      ];
    case "one_of":
      return ["", "nonsense", "constructor", null].map((one) => [`${one}`, one]);
    case "constant":
      return [["another", form.value + 1]];
    case "flag":
      return [["no flag", "true"]];
    case "number":
      return [form.min - 1, form.max + 1, Number.NaN, "1"].map((one) => [`${one}`, one]);
    case "list":
      return [
        ["overfull", filled(value, form.max + 1)],
        ["no list", {}],
      ];
    case "table":
      return [
        ["overfull", table(form.max + 1)],
        ["with a key that is no token", { "a key": 1 }],
      ];
    case "record":
      return [
        ["with another field", { ...Object(value), other: 1 }],
        ["no record", []],
        ...namesOf(form, true).map((name) => [`without ${name}`, without(value, name)] as const),
      ];
  }
};

const inside = (
  form: Form,
  value: unknown,
  path: string,
  mutations: typeof atBounds,
): readonly Mutation[] => {
  if (form.type === "list") {
    const [first, ...others] = value as readonly unknown[];
    return mutations(form.item, first, `${path}[]`).map(({ title, value: one }) => ({
      title,
      value: [one, ...others],
    }));
  }
  if (form.type !== "record") return [];
  const fields = value as Readonly<Record<string, unknown>>;
  return [...form.fields].flatMap(([name, field]) =>
    mutations(field.form, fields[name], `${path}.${name}`).map(({ title, value: one }) => ({
      title,
      value: { ...fields, [name]: one },
    })),
  );
};

const namesOf = ({ fields }: RecordForm, required: boolean): readonly string[] =>
  [...fields].flatMap(([name, { isRequired }]) => (isRequired === required ? [name] : []));

const padded = (value: unknown, length: number): string => {
  const given = String(value);
  return given.padEnd(length, given.at(-1) ?? "a");
};

const filled = (value: unknown, length: number): readonly unknown[] =>
  Array.from({ length }, () => (value as readonly unknown[])[0]);

const table = (length: number): Readonly<Record<string, number>> =>
  Object.fromEntries(Array.from({ length }, (_, index) => [`type_${index}`, 1]));

const without = (value: unknown, name: string): unknown => {
  const { [name]: _, ...others } = value as Readonly<Record<string, unknown>>;
  return others;
};
