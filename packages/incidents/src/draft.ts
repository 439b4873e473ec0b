/**
 * A value while it is being made. Field by field, where a spread for each one that may be absent
 * would cost a mass close more than all of the derivation.
 */
export type Draft<T> = { -readonly [Key in keyof T]: T[Key] };
