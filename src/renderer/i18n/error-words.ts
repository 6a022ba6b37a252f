/** What happened, and what to do next. `next` may be empty where the words say all there is. */
export interface ErrorWords {
  readonly what: string;
  readonly next: string;
}
