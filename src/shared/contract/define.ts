import type { z } from 'zod';

/** One request of the contract: its input is a zod value, checked at the door; its output is a type. */
export interface RequestDefinition<Input extends z.ZodType = z.ZodType, Output = unknown> {
  readonly input: Input;
  /** Never set: carries the output's type. */
  readonly output?: Output;
}

/** Defines a request: `request<Output>()(z.strictObject({…}))`. Two calls, so that the input's type is inferred. */
export function request<Output>() {
  return <Input extends z.ZodType>(input: Input): RequestDefinition<Input, Output> => ({ input });
}
