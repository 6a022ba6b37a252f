import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sceneIds } from '../../../shared/contract/topic.js';
import type { SceneId } from '../../../shared/contract/topic.js';
import type { ChatRequest, Exchange, ReplyPart } from './chat-model.js';
import { sceneById } from './scenes.js';
import { openingPlace, replay, scripts, step } from './script-player.js';
import type { Reaction } from './script-player.js';
import { createScriptedPartner } from './scripted-partner.js';
import { phrasebookLines } from './scripts/phrasebook-entries.js';

interface Phrase {
  readonly language: 'en' | 'zh';
  readonly text: string;
}

const phrases = JSON.parse(
  readFileSync(new URL('../../../../resources/demo/phrases.json', import.meta.url), 'utf8'),
) as readonly Phrase[];

const partner = createScriptedPartner({ delayMs: 0 });
const never = new AbortController().signal;

function request(sceneId: SceneId | null, prompt: string, history: readonly Exchange[] = []): ChatRequest {
  return { theme: '', sceneId, history, prompt };
}

async function collect(parts: AsyncIterable<ReplyPart>): Promise<readonly string[]> {
  const collected: string[] = [];
  for await (const part of parts) if (typeof part === 'string') collected.push(part);
  return collected;
}

async function deltasOf(chatRequest: ChatRequest): Promise<readonly string[]> {
  return collect(partner.reply(chatRequest, never));
}

async function replyOf(chatRequest: ChatRequest): Promise<string> {
  return (await deltasOf(chatRequest)).join('');
}

async function talk(sceneId: SceneId, prompts: readonly string[]): Promise<readonly Exchange[]> {
  let history: readonly Exchange[] = [{ prompt: null, response: sceneById(sceneId).opening }];
  for (const prompt of prompts) {
    history = [...history, { prompt, response: await replyOf(request(sceneId, prompt, history)) }];
  }
  return history;
}

const replies = (history: readonly Exchange[]): readonly (string | null)[] =>
  history.slice(1).map(({ response }) => response);

describe.each(Object.entries(scripts))('the script of %s', (sceneId, script) => {
  const ids = Object.keys(script.nodes);
  const nodes = Object.entries(script.nodes);

  it('begins with the opening of its scene', () => {
    expect(script.nodes[script.start]?.say).toBe(sceneById(sceneId as SceneId).opening);
  });

  it('is a sound graph: every target exists, every node is reached, none is a dead end', () => {
    expect(ids.length).toBeGreaterThanOrEqual(8);
    const targets = (id: string): readonly string[] => {
      const node = script.nodes[id];
      return [...(node?.onward ?? []), ...(node?.answers ?? []).flatMap(({ to }) => to)];
    };
    const reachedFrom = (start: string): ReadonlySet<string> => {
      const reached = new Set([start]);
      for (const id of reached) for (const target of targets(id)) reached.add(target);
      return reached;
    };
    expect([...reachedFrom(script.start)].sort()).toEqual([...ids].sort());
    expect(script.asides.flatMap(({ to }) => to ?? []).filter((to) => !ids.includes(to))).toEqual([]);
    for (const id of ids) {
      expect(reachedFrom(id)).toContain(script.closing);
      expect(targets(id).some((target) => target !== id)).toBe(true);
    }
    expect(nodes.filter(([, node]) => node.ending).map(([id]) => id)).toEqual([script.closing]);
    expect([...reachedFrom(script.closing)].filter((id) => script.nodes[id]?.fresh)).toHaveLength(1);
  });

  it('says something different at every node, by which the place can be told', () => {
    const says = nodes.map(([, node]) => node.say);
    expect(says.filter((say, i) => says.some((other, j) => i !== j && other.endsWith(say)))).toEqual([]);
    for (const [, { say, ask, simpler }] of nodes) expect(new Set([say, ask, simpler]).size).toBe(3);
  });

  it('understands the lines that it suggests', () => {
    for (const [id, node] of nodes) {
      for (const { english, chinese } of node.suggestions) {
        const place = { ...openingPlace(script), node: id, visited: [id] };
        const said = step(script, place, english);
        expect.soft({ id, english, reaction: said.reaction }).not.toMatchObject({ reaction: 'miss' });
        expect.soft(step(script, place, chinese), chinese).toEqual(said);
      }
    }
  });

  it.each(phrases)('answers "$text" wherever the talk is', ({ text }) => {
    for (const id of ids) {
      const { reply, reaction } = step(script, { ...openingPlace(script), node: id, visited: [id] }, text);
      expect(reply).toMatch(/^[A-Z].*[.!?]$/);
      expect<Reaction>(reaction).not.toBe('miss');
    }
  });

  // The rule: never the same reply twice running, and none more than four times in twelve turns.
  it.each([
    ...phrases.map(({ text }) => text),
    'yes',
    'no',
    'blah blah',
    '胡说八道',
    '?!',
    'Why is the sky blue?',
    'ok',
  ])('does not go round in circles when "%s" is all that it hears', async (text) => {
    const heard = replies(await talk(sceneId as SceneId, Array<string>(12).fill(text)));
    expect(heard.filter((reply, i) => reply === heard[i + 1])).toEqual([]);
    for (const reply of new Set(heard)) {
      expect(heard.filter((other) => other === reply).length, reply ?? '').toBeLessThanOrEqual(4);
    }
  });

  it('comes to its end when it is left to lead, and then begins anew', () => {
    let place = openingPlace(script);
    const been = [place.node];
    for (let turn = 0; turn < 60; turn += 1) {
      place = step(script, place, 'Next question, please.').place;
      been.push(place.node);
    }
    expect(been).toContain(script.closing);
    expect(been.filter((id) => id === script.closing).length).toBeGreaterThan(1);
  });
});

describe('the scripted partner', () => {
  it('is not a model behind an endpoint', () => {
    expect(partner.partner).toEqual({ kind: 'scripted' });
  });

  it('takes different ways for different answers', async () => {
    const tea = await talk('ordering-food', ['A cup of tea, please.', 'Green tea.', 'A small one.', 'Rice, please.']);
    const coffee = await talk('ordering-food', ['我想喝一杯咖啡。', 'No milk, please.', 'Big.', 'No, thank you.']);
    expect(replies(tea)).toEqual([
      'A cup of tea, of course. Would you like green tea or black tea?',
      'Green tea, good. A big cup or a small cup?',
      'A small cup, very good. And what would you like to eat? We have noodle soup, rice and cake.',
      'Rice is always a good idea. Would you like your rice with eggs or with chicken?',
    ]);
    expect(replies(coffee)).toEqual([
      'A cup of coffee, of course. Would you like milk or sugar with it?',
      'Just black coffee, good. A big cup or a small cup?',
      'A big cup, very good. And what would you like to eat? We have noodle soup, rice and cake.',
      'Just the drink, that is OK. Would you like to eat here, or take it home?',
    ]);
  });

  it('plays free talk where the topic has no scene', async () => {
    const prompt = 'I am fine, thank you.';
    expect(await replyOf(request(null, prompt))).toBe(await replyOf(request('free-talk', prompt)));
  });

  it('repeats what it said last, also when asked more than once', async () => {
    const history = await talk('free-talk', ['I am fine.', 'Could you repeat that, please?', '请再说一遍。']);
    const [said, once, twice] = replies(history);
    expect(once).toBe(`Of course. ${said ?? ''}`);
    expect(twice).toBe(`Sure. ${said ?? ''}`);
  });

  it('says it in simpler words, then gives an example, then moves on', async () => {
    const [first, second, third, fourth] = replies(
      await talk('free-talk', Array<string>(4).fill('I do not understand.')),
    );
    expect(first).toBe('No problem. Are you happy today? Or are you tired?');
    expect(second).toBe('That is OK. Let me try again. How do you feel today?');
    expect(third).toMatch(/^Or try this: /);
    expect(fourth).toMatch(/Is it a beautiful day today\?$/);
  });

  it('owns that it did not understand, gives an example, then moves on', async () => {
    const [first, second, third] = replies(await talk('ordering-food', ['blah', 'blah', 'blah']));
    expect(first).toBe('Sorry, I did not understand that. Would you like tea, coffee or water?');
    expect(second).toBe('I still did not understand, sorry. Or you can say: I would like a cup of coffee, please.');
    expect(third).toMatch(/And what would you like to eat\?/);
  });

  it('tells questions, unknown Chinese and silence apart', async () => {
    expect(await replyOf(request('ordering-food', 'Why is the sky blue?'))).toMatch(/^That is a good question/);
    expect(await replyOf(request('ordering-food', '量子力学的基本原理'))).toMatch(
      /^Sorry, I do not know that in English/,
    );
    expect(await replyOf(request('ordering-food', '🙂🙂'))).toMatch(/^I did not hear any words/);
  });

  it('ends on a goodbye and begins anew on a hello', async () => {
    const history = await talk('free-talk', ['我们明天见。', 'Good night!', 'Hello!', 'I was very busy.']);
    expect(replies(history)).toEqual([
      'It was great to talk to you. See you tomorrow!',
      'See you soon!',
      'I am happy to talk more. Welcome back! How was your day?',
      'Oh, I am sorry to hear that. When I am tired, I drink tea and listen to music. What helps you?',
    ]);
  });

  it('answers Chinese as if its English had been said', async () => {
    for (const [english, ...chinese] of phrasebookLines) {
      for (const sceneId of sceneIds) {
        const expected = await replyOf(request(sceneId, english));
        for (const line of chinese) expect.soft(await replyOf(request(sceneId, line)), line).toBe(expected);
      }
    }
  });

  it('offers lines that fit where the talk is', () => {
    const history: readonly Exchange[] = [
      { prompt: 'Coffee, please.', response: 'A cup of coffee, of course. Would you like milk or sugar with it?' },
    ];
    const offered = partner.suggestions({ theme: '', sceneId: 'ordering-food', history });
    expect(offered.map(({ english }) => english)).toEqual([
      'With milk, please.',
      'Black coffee, please.',
      'How much does this cost?',
    ]);
  });

  it('offers at every node something that the demo recogniser can hear, or at least two lines', () => {
    for (const script of Object.values(scripts)) {
      for (const node of Object.values(script.nodes)) expect(node.suggestions.length).toBeGreaterThanOrEqual(2);
    }
    const start = partner.suggestions({ theme: '', sceneId: 'free-talk', history: [] });
    expect(phrases.map(({ text }) => text)).toContain(start[0]?.english);
  });
});

describe('replay', () => {
  const script = scripts['ordering-food'];

  it('finds the same place from the same history', async () => {
    const history = await talk('ordering-food', ['tea', 'green', 'blah', 'a big cup', 'What is your name?']);
    expect(replay(script, history)).toEqual(replay(script, history));
    expect(replay(script, history).node).toBe('food');
  });

  it('stays where it was after a reply of which nothing was heard', () => {
    expect(replay(script, [{ prompt: 'tea', response: null }])).toEqual(openingPlace(script));
  });

  it('goes on after a reply that was cut short', () => {
    expect(replay(script, [{ prompt: 'tea', response: 'A cup of' }]).node).toBe('tea');
  });

  it('finds its place in a history whose beginning is missing', async () => {
    const history = await talk('ordering-food', ['tea', 'green', 'a big cup', 'rice']);
    const prompt = 'With eggs, please.';
    const expected = await replyOf(request('ordering-food', prompt, history));
    expect(await replyOf(request('ordering-food', prompt, history.slice(-1)))).toBe(expected);
  });
});

describe('streaming', () => {
  it('gives word after word, which join to the whole reply', async () => {
    const chatRequest = request('ordering-food', 'tea');
    const deltas = await deltasOf(chatRequest);
    expect(deltas.length).toBeGreaterThan(5);
    expect(deltas.join('')).toBe('A cup of tea, of course. Would you like green tea or black tea?');
  });

  it('stops at once with the reason of the signal', async () => {
    const slow = createScriptedPartner({ delayMs: 60_000 });
    const stop = new AbortController();
    const reason = new Error('barge-in');
    const deltas = slow.reply(request('free-talk', 'hello'), stop.signal)[Symbol.asyncIterator]();
    expect((await deltas.next()).done).toBe(false);
    const waiting = deltas.next();
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it('says nothing under a signal that was already aborted', async () => {
    const reason = new Error('too late');
    const aborted = AbortSignal.abort(reason);
    await expect(collect(partner.reply(request(null, 'hello'), aborted))).rejects.toBe(reason);
    await expect(partner.toEnglish(request(null, '你好'), aborted)).rejects.toBe(reason);
  });

  it('leaves no listener on the signal behind', async () => {
    const stop = new AbortController();
    let listeners = 0;
    const { addEventListener, removeEventListener } = stop.signal;
    Object.assign(stop.signal, {
      addEventListener(...args: Parameters<typeof addEventListener>) {
        listeners += 1;
        addEventListener.apply(stop.signal, args);
      },
      removeEventListener(...args: Parameters<typeof removeEventListener>) {
        listeners -= 1;
        removeEventListener.apply(stop.signal, args);
      },
    });
    const quick = createScriptedPartner({ delayMs: 1 });
    await collect(quick.reply(request(null, 'hello'), stop.signal));
    expect(listeners).toBe(0);
  });
});

describe('any input at all', () => {
  const awkward = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constantFrom('', ' ', '🙂', '\u0000', '。。。', "'''", '=', '*', '\ud800', '1984', 'AAAA'),
    fc.constantFrom("'", 'a ', ' ', '好', 'good morning ', '我想要一杯').map((piece) => piece.repeat(20_000)),
    fc.constantFrom(...phrases.map(({ text }) => text)),
  );

  it('gets a reply of words without a failure', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sceneIds), fc.array(awkward, { maxLength: 8 }), (sceneId, prompts) => {
        const script = scripts[sceneId];
        let place = openingPlace(script);
        const history: Exchange[] = [];
        for (const prompt of prompts) {
          const next = step(script, place, prompt);
          expect(next.reply).toMatch(/^[A-Z][A-Za-z ,.?!:']*[.!?]$/);
          history.push({ prompt, response: next.reply });
          place = next.place;
        }
        expect(replay(script, history)).toEqual(place);
      }),
    );
  });

  it('has English that is whole, or none', async () => {
    await fc.assert(
      fc.asyncProperty(awkward, async (prompt) => {
        const english = await partner.toEnglish(request(null, prompt), never);
        if (english !== null) {
          expect(english).not.toMatch(/\p{Script=Han}/u);
          expect(english.trim()).not.toBe('');
        }
      }),
    );
  });
});
