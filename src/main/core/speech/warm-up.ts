import { recordingSampleRateHz } from '../../../shared/audio-format.js';
import type { WhisperMethods } from '../../../shared/worker-contract.js';

/** One call of the recogniser, made for what it leaves behind and not for its answer. */
export type WarmUpCall = {
  [Name in 'transcribe' | 'detectLanguage']: {
    readonly method: Name;
    readonly params: WhisperMethods[Name]['params'];
  };
}['transcribe' | 'detectLanguage'];

/** Encoder positions for a short phrase: see `trimmedContext`. */
const phraseContext = 448;

/**
 * Every kind of work that a recogniser is given, in the order in which a learner needs it. A GPU's driver prepares what
 * each kind needs when it first comes: that took seconds where later calls took milliseconds (docs/gpu.md).
 */
export function warmUpCalls(): readonly WarmUpCall[] {
  const samples = twoSecondsOfSound();
  const transcribe = { samples, language: 'en', tokenTimes: true } as const;
  return [
    // What is shown while somebody speaks.
    { method: 'transcribe', params: { ...transcribe, audioContext: phraseContext, thorough: false } },
    { method: 'detectLanguage', params: { samples, audioContext: phraseContext } },
    // Long takes, and those whose language is not certain.
    { method: 'transcribe', params: { ...transcribe, audioContext: 0, thorough: false } },
    { method: 'detectLanguage', params: { samples, audioContext: 0 } },
    // Doubtful ones: beams, and a text before it, which is many tokens at once.
    { method: 'transcribe', params: { ...transcribe, audioContext: 0, thorough: true, prompt: context } },
  ];
}

const context = 'Good morning. I would like a cup of tea, please. How are you today? It is nice to meet you.';

/** Something to transcribe that is neither silent nor the same throughout. */
function twoSecondsOfSound(): Float32Array {
  return Float32Array.from({ length: 2 * recordingSampleRateHz }, (_, index) => {
    const seconds = index / recordingSampleRateHz;
    return 0.3 * Math.sin(2 * Math.PI * (200 + 400 * seconds) * seconds);
  });
}
