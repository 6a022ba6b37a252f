import type { BridgeView, ClipView, ClipWord, ResponseView, TurnView } from '../../../shared/contract/turn.js';
import type { ErrorView } from '../../../shared/errors.js';
import type { StoredTurn } from '../data/conversations.js';
import { plainText } from '../spoken-text/plain-text.js';
import { blanksOf } from './words.js';

/** What is known of a turn only while it runs. */
export interface LiveTurn {
  /** The reply as far as it has come. */
  readonly text: string;
  readonly streaming: boolean;
  /** What goes on before the next words come. */
  readonly waitingFor: ResponseView['waitingFor'];
  /** When the words are said that have been spoken so far. */
  readonly words: readonly ClipWord[];
  readonly voiceError: ErrorView | null;
}

/** A turn as the interface may see it: the words of a hidden reply are not in it. */
export function turnView(turn: StoredTurn, live: LiveTurn | null): TurnView {
  return {
    id: turn.id,
    topicId: turn.topic_id,
    createdTime: turn.created_time,
    prompt:
      turn.prompt === null
        ? null
        : {
            text: turn.prompt,
            language: turn.prompt_language ?? 'en',
            clip: clipView(turn.prompt_duration_ms, turn.prompt_peaks),
            words: clipWords(turn.prompt_words),
          },
    bridge: bridgeView(turn),
    response: responseView(turn, live),
  };
}

function bridgeView(turn: StoredTurn): BridgeView | null {
  if (turn.bridge_state === null) return null;
  return {
    state: turn.bridge_state,
    english: turn.bridge,
    clip: clipView(turn.bridge_duration_ms, turn.bridge_peaks),
    error: turn.bridge_error === null ? null : { code: turn.bridge_error },
  };
}

function responseView(turn: StoredTurn, live: LiveTurn | null): ResponseView {
  const streaming = turn.response_state === 'pending' && live?.streaming === true;
  const text = turn.response ?? turn.partial_response ?? (streaming ? live.text : '');
  const shown = plainText(text);
  const blanks = blanksOf(shown);
  // A reply without a word (🎉) has nothing to hide.
  const isShown = turn.rung === 'english' || blanks.length === 0;
  return {
    state: streaming && text !== '' ? 'streaming' : turn.response_state,
    rung: turn.rung,
    helpRung: turn.help_rung,
    blanks,
    text: isShown ? shown : null,
    clip: clipView(turn.response_duration_ms, turn.response_peaks),
    words: turn.rung === 'english' ? responseWords(turn, live) : null,
    error: turn.response_error === null ? null : { code: turn.response_error },
    voiceError: live?.voiceError ?? null,
    scripted: turn.scripted === 1,
    waitingFor: streaming ? live.waitingFor : null,
  };
}

/** Those of the stored sound; until it is stored, those that have been spoken. */
function responseWords(turn: StoredTurn, live: LiveTurn | null): readonly ClipWord[] | null {
  const spoken = live && live.words.length > 0 ? live.words : null;
  const words = turn.response_clip === null ? spoken : clipWords(turn.response_words);
  // A word finds its place in the text that is shown.
  return words?.map((word) => ({ ...word, text: plainText(word.text) })) ?? null;
}

function clipWords(words: string | null): readonly ClipWord[] | null {
  return words === null ? null : (JSON.parse(words) as ClipWord[]);
}

function clipView(durationMs: number | null, peaks: string | null): ClipView | null {
  return durationMs === null || peaks === null ? null : { durationMs, peaks: JSON.parse(peaks) as number[] };
}
