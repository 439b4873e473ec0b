import { REDACTED } from "../sanitise/name.ts";
import type { Form, NumberForm, RecordForm, Shape, TextForm } from "./shape.ts";

/** A value held against its shape. */
export interface Fitted<T> {
  /** A copy of what fits, and of nothing else. */
  readonly value: T;
  /** The paths of what was withheld, each once. */
  readonly withheld: readonly string[];
}

/**
 * The part of a value that is of the shape; nothing if something is wrong that cannot be left out.
 * A string that is not allowed becomes `redacted` where that fits its form; what else does not fit
 * is left out if it is optional or a list's, and makes what is around it unfit if not. Never throws.
 */
export const fit = <T>(shape: Shape<T>, value: unknown): Fitted<T> | undefined => {
  const withheld = new Set<string>();
  try {
    const fitted = fitForm(shape.form, value, { path: "", withheld, allowed: new Map() });
    // The form is that of a `T`, and what fits has been built along it.
    return fitted === undefined ? undefined : { value: fitted as T, withheld: [...withheld] };
  } catch {
    // A getter or a proxy of somebody's.
    return undefined;
  }
};

/** Where a value stands, by names of our own fields alone. */
interface Place {
  readonly path: string;
  readonly withheld: Set<string>;
  /** What was found to be allowed: the records of a run say the same names again and again. */
  readonly allowed: Map<TextForm, Set<string>>;
}

const fitForm = (form: Form, value: unknown, place: Place): unknown => {
  switch (form.type) {
    case "text":
      return fitText(form, value, place);
    case "one_of":
      return form.values.find((one) => one === value);
    case "constant":
      return value === form.value ? value : undefined;
    case "flag":
      return typeof value === "boolean" ? value : undefined;
    case "number":
      return isNumber(form, value) ? value : undefined;
    case "list":
      return fitList(form, value, place);
    case "table":
      return fitTable(form, value, place);
    case "record":
      return fitRecord(form, value, place);
  }
};

const fitText = (form: TextForm, value: unknown, place: Place): string | undefined => {
  if (typeof value !== "string") return undefined;
  if (isAllowed(form, value, place)) return value;
  place.withheld.add(place.path);
  return isAllowed(form, REDACTED, place) ? REDACTED : undefined;
};

const isAllowed = (form: TextForm, text: string, { allowed }: Place): boolean => {
  const known = allowed.get(form) ?? new Set();
  if (known.has(text)) return true;
  const fits = text.length <= form.max && form.pattern.test(text);
  if (!fits || (text !== REDACTED && !form.is(text))) return false;
  allowed.set(form, known.add(text));
  return true;
};

const isNumber = ({ whole, min, max }: NumberForm, value: unknown): boolean =>
  typeof value === "number" &&
  (whole ? Number.isSafeInteger(value) : Number.isFinite(value)) &&
  value >= min &&
  value <= max;

const fitList = (
  { item, max }: Extract<Form, { type: "list" }>,
  value: unknown,
  place: Place,
): readonly unknown[] | undefined => {
  if (!Array.isArray(value)) return undefined;
  const fitting = membersOf(value, max)
    .map((one) => fitForm(item, one, place))
    .filter((one) => one !== undefined);
  if (fitting.length < value.length) place.withheld.add(place.path);
  return fitting;
};

/** The first members of a list, by their places: its own methods may tell anything. */
export const membersOf = (list: readonly unknown[], most: number): readonly unknown[] =>
  Array.from({ length: Math.min(list.length, most) }, (_, index) => list[index]);

const fitTable = (
  { key, item, max }: Extract<Form, { type: "table" }>,
  value: unknown,
  place: Place,
): Readonly<Record<string, unknown>> | undefined => {
  if (!isObject(value)) return undefined;
  const keys = Object.keys(value);
  const fitting = keys
    .filter((name) => isAllowed(key, name, place))
    .slice(0, max)
    .map((name) => [name, fitForm(item, value[name], place)] as const)
    .filter(([, one]) => one !== undefined);
  if (fitting.length < keys.length) place.withheld.add(place.path);
  return Object.fromEntries(fitting);
};

const fitRecord = (
  { fields }: RecordForm,
  value: unknown,
  place: Place,
): Readonly<Record<string, unknown>> | undefined => {
  if (!isObject(value)) return undefined;
  const fitting: Record<string, unknown> = {};
  for (const [name, { form, isRequired }] of fields) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    const path = pathOf(place, name);
    const fitted = given === undefined ? given : fitForm(form, given, { ...place, path });
    if (fitted !== undefined) fitting[name] = fitted;
    else if (isRequired) return undefined;
    else if (given !== undefined) place.withheld.add(path);
  }
  // The name of a field that nobody knows may be as private as its value.
  const isMore = Object.keys(value).some((name) => !fields.has(name));
  if (isMore) place.withheld.add(pathOf(place, "other"));
  return fitting;
};

const pathOf = ({ path }: Place, name: string): string => (path === "" ? name : `${path}.${name}`);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
