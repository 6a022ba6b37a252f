import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { englishFor } from './phrasebook.js';
import { scripts } from './script-player.js';
import { glossary, patterns } from './scripts/phrasebook-entries.js';

const heard = JSON.parse(
  readFileSync(new URL('../../../../resources/demo/phrases.json', import.meta.url), 'utf8'),
) as readonly { readonly language: string; readonly text: string }[];

describe('englishFor', () => {
  it.each([
    ['你好，很高兴认识你。', 'Hello, nice to meet you.'],
    ['今天天气很好。', 'The weather is beautiful today.'],
    ['我喜欢喝茶。', 'I like drinking tea.'],
    ['请再说一遍。', 'Could you repeat that, please?'],
    ['你叫什么名字？', 'What is your name?'],
    ['我在学习中文。', 'I am learning Chinese.'],
    ['这个多少钱？', 'How much does this cost?'],
    ['谢谢你的帮助。', 'Thank you for your help.'],
    ['我们明天见。', 'See you tomorrow.'],
    ['请问地铁站在哪里？', 'Excuse me, where is the subway station?'],
    ['我听不懂。', 'I do not understand.'],
    ['祝你生日快乐。', 'Happy birthday to you.'],
    ['早上好，老师。', 'Good morning, teacher.'],
    ['我想喝一杯咖啡。', 'I would like a cup of coffee, please.'],
    ['他每天都去图书馆。', 'He goes to the library every day.'],
    ['对不起，我迟到了。', 'Sorry, I am late.'],
  ])('%s -> %s', (chinese, english) => {
    expect(englishFor(chinese)).toBe(english);
  });

  it('knows every Mandarin line that the demo recogniser can hear', () => {
    const mandarin = heard.filter(({ language }) => language === 'zh');
    expect(mandarin).toHaveLength(16);
    expect(mandarin.filter(({ text }) => englishFor(text) === null)).toEqual([]);
  });

  it('knows the Chinese of every suggestion', () => {
    const suggestions = Object.values(scripts).flatMap(({ nodes }) =>
      Object.values(nodes).flatMap((n) => n.suggestions),
    );
    for (const { english, chinese } of suggestions) expect.soft(englishFor(chinese), chinese).toBe(english);
  });

  it.each(['你好很高兴认识你', ' 你好 ，很高兴 认识你!! ', '你好，很高兴认识你……'])(
    'does not mind how "%s" is written',
    (text) => {
      expect(englishFor(text)).toBe('Hello, nice to meet you.');
    },
  );

  it.each([
    ['I would like a cup of 咖啡', 'I would like a cup of coffee.'],
    ['I like 绿茶 very much.', 'I like green tea very much.'],
    ['my favorite food is 汤面!', 'My favorite food is noodle soup!'],
    ['Where is the 地铁站?', 'Where is the subway station?'],
    ['Where is the 图书馆？', 'Where is the library?'],
    ['我想要一杯 latte', 'I would like a cup of latte, please.'],
    ['我想要一杯绿茶。', 'I would like a cup of green tea, please.'],
    ['我叫 Li Wei', 'My name is Li Wei.'],
    ['我来自上海', 'I come from Shanghai.'],
    ['我喜欢音乐', 'I like music.'],
    ['你好，我很累。', 'Hello. I am very tired.'],
  ])('%s -> %s', (mixed, english) => {
    expect(englishFor(mixed)).toBe(english);
  });

  it.each(['', 'Hello.', '🙂', '量子力学', '我喜欢累', '我叫小明', 'I like 量子力学', '我今天 very 开心地去 shopping'])(
    'has nothing to offer for "%s"',
    (text) => {
      expect(englishFor(text)).toBeNull();
    },
  );

  it('fills the gaps of its patterns only with words of its glossary', () => {
    expect(patterns.flatMap(({ of }) => of ?? []).filter((word) => glossary[word] === undefined)).toEqual([]);
  });
});
