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
    ' {clears throat}',
    ' <music>',
    '「音楽」',
    ' -Sighs-',
    ' - clears throat -',
    ' Untertitel im Auftrag des ZDF, 2021',
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
    ' 5 < 6 and 7 > 6.',
    ' a well-known fact - yes',
  ])('%s is said by learners, and stays though the model is unsure', (said) => {
    const tokens = said.split(/(?= )|(?=\p{Script=Han})/u).join('|');
    expect(textOf(segment(tokens, { averageLogProbability: -0.7 }))).toBe(said.trim());
  });
});

const times = (count: number, tokens: string) => Array<string>(count).fill(tokens).join('|');

describe('what is often made up', () => {
  it.each([' you', ' Thank| you| for| watching|.', '请|订阅|我的|频道', '谢谢|观看'])(
    '%j stays where the detector heard half a second of speech',
    (tokens) => {
      for (const averageLogProbability of [-0.1, -0.7]) {
        const said = segment(tokens, { averageLogProbability });
        expect(readTranscription([said], 0, 500).text).not.toBe('');
        expect(readTranscription([said], 0, 400).text).toBe('');
      }
    },
  );

  it('is another script, where the model is unsure; else it is worth another look', () => {
    const unsure = segment(' Как| дела', { averageLogProbability: -0.6 });
    expect(readTranscription([unsure], 0, 2000).text).toBe('');
    expect(readTranscription([segment(' Как| дела')], 0)).toMatchObject({ text: 'Как дела', doubtful: true });
  });
});

describe('a decoder that loops', () => {
  it('says the same for long, and doubts it', () => {
    const loop = segment(`${times(8, ' I| like| it')}| today| with| all| my| friends| and| you`, {
      averageLogProbability: -0.7,
    });
    expect(readTranscription([loop], 0)).toMatchObject({
      text: 'I like it today with all my friends and you',
      doubtful: true,
    });
  });

  it('is one, however sure, where nobody has the breath for it', () => {
    const loop = segment(`${times(40, ' you')}| and| me`);
    expect(readTranscription([loop], 0)).toMatchObject({ text: 'you and me', doubtful: true });
  });

  it.each([
    [times(8, ' zero'), -0.2],
    [times(4, '好|的'), -0.2],
    [times(12, '哈'), -0.2],
    [times(6, '对'), -0.6],
    [times(3, ' I| like| it|.'), -0.6],
    [times(7, ' no|,'), -0.2],
    [times(5, '谢|谢'), -0.6],
  ])('%j is said by a learner, at %d', (tokens, averageLogProbability) => {
    expect(textOf(segment(tokens, { averageLogProbability }))).toBe(tokens.replaceAll('|', '').trim());
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
    const noise = segment(times(9, ' la'), { averageLogProbability: -0.8 });
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
    expect(joinTexts(['你好', '我是小李', 'I am Li', '再见'])).toBe('你好，我是小李 I am Li 再见');
    expect(joinTexts(['你好。', 'I am Li.', '再见。'])).toBe('你好。 I am Li. 再见。');
  });

  it('without words leave nothing behind', () => {
    const one = readTranscription([segment(' Hello')], 0);
    const nothing = readTranscription([], 0);
    expect(joinTranscripts([nothing, one, nothing])).toMatchObject({ text: 'Hello', words: one.words });
    expect(joinTranscripts([nothing]).averageLogProbability).toBe(-Infinity);
  });
});
