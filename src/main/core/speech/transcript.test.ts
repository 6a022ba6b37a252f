import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TranscribedSegment } from '../../../shared/worker-contract.js';
import { joinTranscripts, joinTexts, readTranscription } from './transcript.js';

/** A segment of tokens as Whisper cuts them: `|` lies between two tokens. */
function segment(text: string, fields: Partial<TranscribedSegment> = {}): TranscribedSegment {
  const tokens = text.split('|').map((token, index) => ({
    text: token,
    probability: 0.9,
    startMs: index * 100,
    endMs: (index + 1) * 100,
  }));
  return {
    text: text.replaceAll('|', ''),
    startMs: 0,
    endMs: tokens.length * 100,
    noSpeechProbability: 0,
    averageLogProbability: -0.2,
    tokens,
    ...fields,
  };
}

const textOf = (...segments: TranscribedSegment[]) => readTranscription(segments, 0).text;

describe('the words of a transcription', () => {
  it.each([
    [' Nice| to| meet| you|.', 'Nice to meet you.'],
    [" Let|'s| go|!", "Let's go!"],
    ['今天|天气|很好|。', '今天天气很好。'],
    [' I| want| to|报|销| my| taxi|.', 'I want to报销 my taxi.'],
    ['這個|多少|錢|？', '这个多少钱？'],
    [' [|BLANK|_AUDIO|]', ''],
    [' (|music|)| Hello', 'Hello'],
    ['（|掌声|）|谢谢', '谢谢'],
    [' ♪| ♪', ''],
    [' ...', ''],
  ])('%j', (tokens, text) => {
    expect(textOf(segment(tokens))).toBe(text);
  });

  it('have the times of the whole sound, and the doubt of their least certain part', () => {
    const unsure = segment(' quar|antine|,');
    const tokens = unsure.tokens.map((token, index) => ({ ...token, probability: [0.8, 0.3, 0.1][index] ?? 1 }));
    expect(readTranscription([{ ...unsure, tokens }], 5000).words).toEqual([
      { text: ' quarantine,', startMs: 5000, endMs: 5300, probability: 0.3 },
    ]);
  });
});

describe('what is no speech', () => {
  it('is what the model takes for silence and does not believe itself', () => {
    const text = ' The| quick| brown| fox';
    expect(textOf(segment(text, { noSpeechProbability: 0.7, averageLogProbability: -1.2 }))).toBe('');
    expect(textOf(segment(text, { noSpeechProbability: 0.7, averageLogProbability: -0.3 }))).not.toBe('');
    expect(textOf(segment(text, { noSpeechProbability: 0.1, averageLogProbability: -1.2 }))).not.toBe('');
  });

  it.each([' Thank| you| for| watching|.', '谢谢|大家|观看', ' Please| subscribe| to| my| channel|.'])(
    'is a subtitle’s credit that nobody said: %j',
    (text) => {
      expect(textOf(segment(text, { averageLogProbability: -0.7 }))).toBe('');
      // A learner may say just that.
      expect(textOf(segment(text, { averageLogProbability: -0.1 }))).not.toBe('');
    },
  );
});

describe('what other apps’ users have reported', () => {
  const file = join(import.meta.dirname, 'cases/heard.json');
  const cases = JSON.parse(readFileSync(file, 'utf8')) as readonly {
    readonly segment: string;
    readonly averageLogProbability: number;
    readonly text: string;
  }[];

  it.each(cases)('$segment is heard as $text', ({ segment: said, averageLogProbability, text }) => {
    // Whisper's tokens begin at words, and at Chinese characters.
    const tokens = said.split(/(?= )|(?=\p{Script=Han})/u).join('|');
    expect(textOf(segment(tokens, { averageLogProbability }))).toBe(text);
  });

  it.each([
    ' Subtitles by the Amara.org community',
    ' Translated by Anna',
    '字幕由某某提供',
    '中文字幕组',
    'Спасибо за просмотр!',
    '시청해주셔서 감사합니다',
    ' *clears throat*',
    '【笑声】',
    ' ♪ la la la ♪',
  ])('%s is nothing, however sure the model is', (said) => {
    const tokens = said.split(/(?= )|(?=\p{Script=Han})/u).join('|');
    expect(textOf(segment(tokens, { averageLogProbability: -0.1 }))).toBe('');
  });

  it.each([
    ' Who made the subtitles?',
    '这个字幕太小了。',
    ' Do you want to subscribe?',
    ' Thank you.',
    '谢谢你',
    ' 2 * 3 is 6.',
  ])('%s is said by learners, and stays though the model is unsure', (said) => {
    const tokens = said.split(/(?= )|(?=\p{Script=Han})/u).join('|');
    expect(textOf(segment(tokens, { averageLogProbability: -0.7 }))).toBe(said.trim());
  });
});

describe('a decoder that loops', () => {
  it('is told from a learner by what it says in a row', () => {
    const loop = readTranscription([segment(' I| like| it| I| like| it| I| like| it| I| like| it| today')], 0);
    expect(loop.text).toBe('I like it today');
    expect(loop.doubtful).toBe(true);
  });

  it.each([
    [' no|,| no', 'no, no'],
    ['哈|哈|哈', '哈哈哈'],
    [' that| that| is', 'that that is'],
  ])('%j is no loop', (tokens, text) => {
    const heard = readTranscription([segment(tokens)], 0);
    expect(heard.text).toBe(text);
    expect(heard.doubtful).toBe(false);
  });

  it('that is all there is, and not believed in, is nothing', () => {
    const noise = segment(' you| you| you| you| you', { averageLogProbability: -0.8 });
    expect(readTranscription([noise], 0)).toMatchObject({ text: '', doubtful: true });
  });

  it('is doubted below Whisper’s own bound', () => {
    expect(readTranscription([segment(' maybe', { averageLogProbability: -1.1 })], 0).doubtful).toBe(true);
  });
});

describe('pieces', () => {
  it('are joined as they are written', () => {
    expect(joinTexts(['Hello.', 'I am Li.'])).toBe('Hello. I am Li.');
    expect(joinTexts(['你好。', '我是小李。'])).toBe('你好。我是小李。');
    expect(joinTexts(['你好。', 'I am Li.', '再见。'])).toBe('你好。 I am Li. 再见。');
  });

  it('without words leave nothing behind', () => {
    const one = readTranscription([segment(' Hello')], 0);
    const nothing = readTranscription([], 0);
    expect(joinTranscripts([nothing, one, nothing])).toMatchObject({ text: 'Hello', words: one.words });
    expect(joinTranscripts([nothing]).averageLogProbability).toBe(-Infinity);
  });
});
