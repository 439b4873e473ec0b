// What a value has to be like to leave the process, as data: one description that exporting and
// reading back hold values against, and the published schema is compared with.

/** The form of a `T`. It is tied to the type, so that neither changes without the other. */
export interface Shape<T> {
  readonly form: Form;
  /** Never there: it only carries the type. */
  readonly fits?: T;
}

/** The form of a string. */
export interface TextShape extends Shape<string> {
  readonly form: TextForm;
}

export type Form =
  | TextForm
  | { readonly type: "one_of"; readonly values: readonly string[] }
  | { readonly type: "constant"; readonly value: number }
  | { readonly type: "flag" }
  | NumberForm
  | { readonly type: "list"; readonly item: Form; readonly max: number }
  | { readonly type: "table"; readonly key: TextForm; readonly item: Form; readonly max: number }
  | RecordForm;

export interface TextForm {
  readonly type: "text";
  /** What a schema can say of it. */
  readonly pattern: RegExp;
  /** In characters. */
  readonly max: number;
  /** What it has to be besides. */
  readonly is: (text: string) => boolean;
}

export interface NumberForm {
  readonly type: "number";
  readonly whole: boolean;
  readonly min: number;
  readonly max: number;
}

export interface RecordForm {
  readonly type: "record";
  readonly fields: ReadonlyMap<string, FieldForm>;
}

export interface FieldForm {
  readonly form: Form;
  readonly isRequired: boolean;
}

/** A string of 1 to `max` characters that fits the pattern, and is what `is` asks besides. */
export const text = (
  pattern: RegExp,
  max: number,
  is: (text: string) => boolean = () => true,
): TextShape => ({ form: { type: "text", pattern, max, is } });

/** One of these words; the object names every one of them, or it does not compile. */
export const oneOf = <T extends string>(values: Readonly<Record<T, true>>): Shape<T> => ({
  form: { type: "one_of", values: Object.keys(values) },
});

export const constant = <T extends number>(value: T): Shape<T> => ({
  form: { type: "constant", value },
});

export const flag: Shape<boolean> = { form: { type: "flag" } };

/** A whole number from `min` to `max`. */
export const whole = (min: number, max: number): Shape<number> => ({
  form: { type: "number", whole: true, min, max },
});

/** A finite number from `min` to `max`. */
export const number = (min: number, max: number): Shape<number> => ({
  form: { type: "number", whole: false, min, max },
});

/** At most `max` of these. */
export const list = <T>(item: Shape<T>, max: number): Shape<readonly T[]> => ({
  form: { type: "list", item: item.form, max },
});

/** At most `max` keys of this form. */
export const table = <T>(
  key: TextShape,
  item: Shape<T>,
  max: number,
): Shape<Readonly<Record<string, T>>> => ({
  form: { type: "table", key: key.form, item: item.form, max },
});

/** These fields and no others. */
export const record = <T extends object>(
  required: RequiredFields<T>,
  optional: OptionalFields<T>,
): Shape<T> => ({
  form: {
    type: "record",
    fields: new Map([...fieldsOf(required, true), ...fieldsOf(optional, false)]),
  },
});

type RequiredFields<T> = {
  readonly [K in keyof T as object extends Pick<T, K> ? never : K]: Shape<T[K]>;
};

type OptionalFields<T> = {
  readonly [K in keyof T as object extends Pick<T, K> ? K : never]-?: Shape<
    Exclude<T[K], undefined>
  >;
};

const fieldsOf = (fields: object, isRequired: boolean): readonly [string, FieldForm][] =>
  // Both types of fields hold shapes only.
  Object.entries(fields as Readonly<Record<string, Shape<unknown>>>).map(([name, { form }]) => [
    name,
    { form, isRequired },
  ]);
