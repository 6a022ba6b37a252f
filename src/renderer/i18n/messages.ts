import type { zh } from './zh.js';

/** The shape of a language: the Chinese one, with any words in it. A key missing in one language does not compile. */
type Words<T> = T extends string
  ? string
  : T extends (...args: infer A) => string
    ? (...args: A) => string
    : { readonly [K in keyof T]: Words<T[K]> };

export type Messages = Words<typeof zh>;
