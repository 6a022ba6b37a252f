/** So many characters without one mark are not written as Chinese is. */
const fewestCharacters = 10;

/** What Whisper takes to have come before is how it goes on to write: with marks, in simplified characters. */
const example = '以下是普通话的句子，有逗号，也有句号。';

/** Whether the model that is in use writes Chinese without marks unless it is shown how. */
export interface ChineseMarks {
  /** What a stretch of Chinese is to be heard after; undefined while the model has not shown that it needs that. */
  readonly prompt: string | undefined;
  /** Learns from what it wrote without one. */
  learn(text: string): void;
}

export function createChineseMarks(): ChineseMarks {
  let isNeeded = false;
  return {
    get prompt() {
      return isNeeded ? example : undefined;
    },
    learn(text) {
      const characters = text.match(/\p{Script=Han}/gu)?.length ?? 0;
      if (characters >= fewestCharacters && !/[，。？！、；：,.?!]/u.test(text)) isNeeded = true;
    },
  };
}
