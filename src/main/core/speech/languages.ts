import { emptyTranscript, type Transcript } from './transcript.js';

/** The languages that a learner speaks here. */
export type SpokenCode = 'en' | 'zh';

/** A language that it may be, and how likely that is, 0..1: of all that it may be together 1. */
export interface LikelyLanguage {
  readonly code: SpokenCode;
  readonly probability: number;
}

/** Nothing is known of its language. */
export const eitherLanguage: readonly LikelyLanguage[] = [
  { code: 'en', probability: 0.5 },
  { code: 'zh', probability: 0.5 },
];

/** One of the two languages is that much likelier than the other: below it both are tried. */
const certainty = 0.9;

/** A model for English only, or a sound that is English for certain. */
export const englishOnly: readonly LikelyLanguage[] = [{ code: 'en', probability: 1 }];

/** Neither language is forced where the detector is not certain: forced Chinese turns English into Chinese. */
export function likelyLanguages({ en, zh }: { readonly en: number; readonly zh: number }): readonly LikelyLanguage[] {
  const share = en / (en + zh);
  if (share >= certainty) return englishOnly;
  if (share <= 1 - certainty) return [{ code: 'zh', probability: 1 }];
  return [
    { code: 'en', probability: share },
    { code: 'zh', probability: 1 - share },
  ];
}

/** What was heard in one language, and how much the model believes in both: the average of all tokens. */
export interface Attempt {
  readonly heard: Transcript;
  readonly logProbability: number;
}

/** What an attempt is worth in which nothing was heard. */
export const nothing: Attempt = { heard: emptyTranscript, logProbability: -Infinity };

/**
 * Whisper writes the language as a token like any other, so it counts like one: a model can be as sure of the wrong
 * sentence in the wrong language as of the right one. A word stands for a token of the text.
 */
export function attemptOf(heard: Transcript, probability: number): Attempt {
  const tokens = Math.max(1, heard.words.length);
  const sum = Math.log(probability) + tokens * heard.averageLogProbability;
  return { heard, logProbability: sum / (tokens + 1) };
}

/** Something rather than nothing, and what does not go round in circles; of equals what the model believes in more. */
export function better(one: Attempt, other: Attempt): Attempt {
  if (one.heard.text === '' || other.heard.text === '') return one.heard.text === '' ? other : one;
  if (one.heard.doubtful !== other.heard.doubtful) return one.heard.doubtful ? other : one;
  return other.logProbability > one.logProbability ? other : one;
}
