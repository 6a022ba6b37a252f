import type { SceneId } from '../../../shared/contract/topic.js';
import type { Exchange, Suggestion } from './chat-model.js';
import { englishFor } from './phrasebook.js';
import { freeTalk } from './scripts/free-talk.js';
import { hasHanzi, meets, normalise } from './scripts/keywords.js';
import { orderingFood } from './scripts/ordering-food.js';
import { lines, requests } from './scripts/partner-lines.js';
import type { Aside, Script, ScriptNode } from './scripts/script.js';
import { sharedAsides } from './scripts/shared-asides.js';
import { smallTalk } from './scripts/small-talk.js';

export const scripts: Readonly<Record<SceneId, Script>> = {
  'free-talk': freeTalk,
  'ordering-food': orderingFood,
  'small-talk': smallTalk,
};

/** Where a conversation is. It is never stored: replaying the history gives it again. */
export interface Place {
  readonly node: string;
  /** Nodes the talk has been at since it last began anew; they are not gone back to. */
  readonly visited: readonly string[];
  /** Turns in a row that left the talk at this node. */
  readonly stuck: number;
  /** What the partner said last, without the words around a repetition. */
  readonly said: string;
}

/** How the partner took the learner's words; `miss` is the only one that means it did not know them. */
export type Reaction = 'answer' | 'open' | 'aside' | 'request' | 'farewell' | 'miss';

export interface Step {
  readonly reaction: Reaction;
  readonly reply: string;
  readonly place: Place;
}

// After so many turns without an answer the partner moves on by itself.
const patienceTurns = 3;

const questionStart =
  /^(what|where|when|who|whose|why|which|how|do|does|did|is|are|am|was|were|can|could|will|would|should|may|have|has) /;

export function scriptFor(sceneId: SceneId | null): Script {
  return scripts[sceneId ?? 'free-talk'];
}

export function nodeAt(script: Script, place: Place): ScriptNode {
  return nodeOf(script, place.node);
}

export function openingPlace(script: Script): Place {
  return { node: script.start, visited: [script.start], stuck: 0, said: nodeOf(script, script.start).say };
}

/** Where a conversation with this history is. */
export function replay(script: Script, history: readonly Exchange[]): Place {
  return history.reduce<Place>((place, { prompt, response }) => {
    // A reply of which nothing was heard asked nothing, so the talk is still where it was.
    if (prompt === null || response === null) return place;
    const next = step(script, place, prompt);
    return next.reply === response ? next.place : anchor(script, next.place, response);
  }, openingPlace(script));
}

/**
 * A history may begin in the middle (older turns are summarised away), and may hold replies of another partner or an
 * older script. A reply that ends with a node's own words tells where the talk then was.
 */
function anchor(script: Script, place: Place, response: string): Place {
  const heard = response.trim();
  const found = Object.entries(script.nodes).find(([, node]) => heard.endsWith(node.say));
  return found === undefined || found[0] === place.node ? place : arrive(script, place, found[0], response);
}

/** One turn: what the partner says to `prompt`, and where the talk is then. */
export function step(script: Script, place: Place, prompt: string): Step {
  // Chinese is answered as if its English had been said.
  const english = englishFor(prompt) ?? prompt;
  const text = normalise(english);
  const turn: Turn = { script, place, node: nodeOf(script, place.node) };
  return (
    request(turn, text) ??
    farewell(turn, text) ??
    answer(turn, text) ??
    aside(turn, text) ??
    openAnswer(turn, text, english) ??
    miss(turn, text, english)
  );
}

interface Turn {
  readonly script: Script;
  readonly place: Place;
  readonly node: ScriptNode;
}

/** About the talk itself: say it again, more slowly, more simply, give me a hint, something else. */
function request(turn: Turn, text: string): Step | null {
  const { place, node } = turn;
  if (meets(text, requests.slower)) {
    return stay(turn, 'request', join(pick(lines.slower, place.stuck), question(turn, place.stuck + 1)));
  }
  if (meets(text, requests.repeat)) {
    const step = stay(turn, 'request', join(pick(lines.repeat, place.stuck), place.said));
    return { ...step, place: { ...step.place, said: place.said } };
  }
  if (meets(text, requests.next)) return goOn(turn, 'request', pick(lines.next, place.visited.length));
  if (meets(text, requests.simpler)) {
    if (place.stuck >= patienceTurns) return goOn(turn, 'request', pick(lines.goOn, place.visited.length));
    if (place.stuck === patienceTurns - 1) return stay(turn, 'request', example(turn));
    return stay(turn, 'request', join(pick(lines.simpler, place.stuck), place.stuck === 0 ? node.simpler : node.ask));
  }
  if (meets(text, requests.hint)) {
    if (place.stuck >= patienceTurns) return goOn(turn, 'request', pick(lines.goOn, place.visited.length));
    return stay(turn, 'request', example(turn));
  }
  return null;
}

function answer(turn: Turn, text: string): Step | null {
  // A greeting is no answer to anything: 'Good morning' must not meet the word 'good'.
  const words = text.replace(/\bgood (morning|afternoon|evening)\b/g, '').trim();
  const found = turn.node.answers.find(({ when }) => meets(words, when));
  if (found === undefined) return null;
  return move(turn, 'answer', found.reply, found.to);
}

function farewell(turn: Turn, text: string): Step | null {
  const { script, place } = turn;
  if (!meets(text, requests.farewell)) return null;
  if (place.node === script.closing) return stay(turn, 'farewell', pick(lines.farewell, place.stuck));
  const reply = nodeOf(script, script.closing).say;
  return { reaction: 'farewell', reply, place: arrive(script, place, script.closing, reply) };
}

function aside(turn: Turn, text: string): Step | null {
  const { script, place, node } = turn;
  const listens = ({ when }: Aside): boolean => meets(text, when);
  const found = script.asides.find(listens) ?? sharedAsides.find(listens);
  if (found === undefined) return null;
  const reply = pick(found.replies, place.stuck);
  if (found.to !== undefined && !place.visited.includes(found.to)) return move(turn, 'aside', reply, [found.to]);
  if (place.stuck >= patienceTurns) return goOn(turn, 'aside', reply);
  // Where the talk is over no question is waiting; a second remark there is answered with an invitation.
  if (node.ending === true && place.stuck % 2 === 0) return stay(turn, 'aside', reply);
  return stay(turn, 'aside', join(reply, question(turn, place.stuck)));
}

function openAnswer(turn: Turn, text: string, prompt: string): Step | null {
  const { open, onward } = turn.node;
  if (open === undefined || !/\p{L}{2}|\p{Script=Han}/u.test(text) || asks(text, prompt)) return null;
  return move(turn, 'open', open, onward);
}

function miss(turn: Turn, text: string, prompt: string): Step {
  const { place, node } = turn;
  if (place.stuck >= patienceTurns - 1) return goOn(turn, 'miss', pick(lines.goOn, place.visited.length));
  if (place.stuck > 0) return stay(turn, 'miss', join(lines.missedAgain, example(turn)));
  return stay(turn, 'miss', join(missedLine(text, prompt), node.ask));
}

function missedLine(text: string, prompt: string): string {
  if (!/\p{L}|\p{N}/u.test(text)) return lines.missedNoWords;
  if (hasHanzi(text)) return lines.missedChinese;
  return asks(text, prompt) ? lines.missedQuestion : lines.missed;
}

function asks(text: string, prompt: string): boolean {
  return /[?？]\s*$/.test(prompt.slice(-20)) || questionStart.test(text) || /[吗呢]$/.test(text);
}

/** The waiting question, in one of two wordings. */
function question({ node }: Turn, stuck: number): string {
  return stuck % 2 === 0 ? node.ask : node.simpler;
}

function example({ place, node }: Turn): string {
  return join(pick(lines.hint, place.stuck), pick(node.suggestions, place.stuck).english);
}

function stay({ place }: Turn, reaction: Reaction, reply: string): Step {
  return { reaction, reply, place: { ...place, stuck: place.stuck + 1, said: reply } };
}

function goOn(turn: Turn, reaction: Reaction, reply: string): Step {
  return move(turn, reaction, reply, turn.node.onward);
}

/** Goes to the first target not yet visited, else along the way that leads on from there. */
function move({ script, place }: Turn, reaction: Reaction, said: string, targets: readonly string[]): Step {
  const isNew = (id: string): boolean => !place.visited.includes(id);
  const seen = new Set<string>();
  let ways = targets;
  while (!ways.some(isNew)) {
    const last = ways[ways.length - 1];
    if (last === undefined || last === script.closing || seen.has(last)) break;
    seen.add(last);
    ways = nodeOf(script, last).onward;
  }
  const target = ways.find(isNew) ?? script.closing;
  const reply = join(said, nodeOf(script, target).say);
  return { reaction, reply, place: arrive(script, place, target, reply) };
}

function arrive(script: Script, place: Place, node: string, said: string): Place {
  const visited = nodeOf(script, node).fresh === true ? [] : place.visited;
  return { node, visited: [...visited, node], stuck: 0, said };
}

function nodeOf(script: Script, id: string): ScriptNode {
  const node = script.nodes[id];
  if (node === undefined) throw new Error(`The script has no node ${id}`);
  return node;
}

function pick<T>(choices: readonly [T, ...T[]], count: number): T {
  return choices[count % choices.length] ?? choices[0];
}

function join(...parts: readonly string[]): string {
  return parts.join(' ');
}

/** Lines that fit where the conversation is. */
export function suggestionsAt(script: Script, place: Place): readonly Suggestion[] {
  return nodeAt(script, place).suggestions.slice(0, 3);
}
