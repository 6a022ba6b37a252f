import type { Suggestion } from '../chat-model.js';

/**
 * What a rule listens for: whole words or phrases in plain lower-case English, or Chinese characters.
 * `travel*` also takes longer words (`travelling`); `=好` is only met by those words and nothing else.
 */
export type Keywords = readonly string[];

/** One way a node can be answered; `to` lists the next node by preference, the first not yet visited is taken. */
export interface Answer<Id extends string = string> {
  readonly when: Keywords;
  readonly reply: string;
  readonly to: readonly [Id, ...Id[]];
}

/** Something the partner can react to at any node: with `to` it changes the subject, without it the question stands. */
export interface Aside<Id extends string = string> {
  readonly when: Keywords;
  /** Used in turn when the learner says the same thing again. */
  readonly replies: readonly [string, ...string[]];
  readonly to?: Id;
}

/** One place in a conversation: the partner has said `say` and waits for an answer. */
export interface ScriptNode<Id extends string = string> {
  readonly say: string;
  /** The question alone, in other words than `say`. */
  readonly ask: string;
  /** The same question in the fewest and plainest words. */
  readonly simpler: string;
  /** Tried in order; the first whose keywords are met is taken. */
  readonly answers: readonly Answer<Id>[];
  /** Set where any statement is an answer (a name, a town): what to say to one that no other rule knows. */
  readonly open?: string;
  /** Where the talk goes when it cannot go by an answer, by preference. */
  readonly onward: readonly [Id, ...Id[]];
  readonly suggestions: readonly [Suggestion, Suggestion, ...Suggestion[]];
  /** The conversation is over here, so no question is waiting. */
  readonly ending?: true;
  /** The conversation begins anew here: subjects talked about before may come back. */
  readonly fresh?: true;
}

export interface Script<Id extends string = string> {
  readonly start: Id;
  /** The farewell. */
  readonly closing: Id;
  readonly nodes: Readonly<Record<Id, ScriptNode<Id>>>;
  /** Tried after the node's own answers and before the asides that every scene shares. */
  readonly asides: readonly Aside<Id>[];
}

/** Checks at compile time that every target is a node, then forgets the ids so that all scripts have one type. */
export function defineScript<const Id extends string>(script: {
  readonly start: NoInfer<Id>;
  readonly closing: NoInfer<Id>;
  readonly nodes: Readonly<Record<Id, ScriptNode<NoInfer<Id>>>>;
  readonly asides: readonly Aside<NoInfer<Id>>[];
}): Script {
  return script;
}

export const line = (english: string, chinese: string): Suggestion => ({ english, chinese });
