import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TurnView } from '../../../shared/contract/turn.js';
import { AppError } from '../../../shared/errors.js';
import { startChatServer, type ChatServer } from '../testing/chat-server.js';
import { createHarness, memorySecrets, tone, type Harness } from '../testing/harness.js';

let app: Harness;
let chat: ChatServer;

beforeEach(async () => {
  chat = await startChatServer();
  app = await createHarness({ fetch: globalThis.fetch });
  await app.ask('settings.update', { chatBaseUrl: chat.baseUrl, chatModel: 'test-model' });
});

afterEach(async () => {
  await app.close();
  await chat.close();
});

const newTopic = () => app.ask('topic.create', { sceneId: null, theme: '周末' });

/** The turn as it is once nothing more will be said. */
async function finished(turnId: string, harness = app): Promise<TurnView> {
  await harness.event('turn.speechEnd', (end) => end.turnId === turnId);
  return turnNow(turnId, harness);
}

async function turnNow(turnId: string, harness = app): Promise<TurnView> {
  const changes = harness.events
    .filter(({ name }) => name === 'turn.changed')
    .map(({ payload }) => (payload as { turn: TurnView }).turn);
  const topicId = changes.find(({ id }) => id === turnId)?.topicId;
  if (topicId === undefined) throw new Error('unknown turn');
  const page = await harness.ask('topic.open', { topicId, beforeTurnId: null });
  const turn = page.turns.find(({ id }) => id === turnId);
  if (!turn) throw new Error('turn is not stored');
  return turn;
}

async function reveal(turnId: string, harness = app): Promise<string | null> {
  return (await harness.ask('turn.reveal', { turnId, rung: 'english' })).response.text;
}

describe('a typed turn', () => {
  it('is answered, spoken and kept', async () => {
    chat.behave({ kind: 'reply', text: 'That sounds lovely. Where did you go?' });
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'I went hiking.' });
    const turn = await finished(id);

    expect(turn.prompt).toMatchObject({ text: 'I went hiking.', language: 'en', clip: null });
    expect(turn.bridge).toBeNull();
    expect(turn.response).toMatchObject({
      state: 'complete',
      rung: 'audio',
      scripted: false,
      error: null,
      voiceError: null,
    });
    expect(turn.response.clip?.durationMs).toBe(700);
    expect(await reveal(id)).toBe('That sounds lovely. Where did you go?');
  });

  it('keeps the words of a hidden reply inside the core', async () => {
    chat.behave({ kind: 'reply', text: 'Zanzibar is wonderful.', delayMs: 30 });
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Tell me a place.' });
    const turn = await finished(id);

    expect(turn.response.text).toBeNull();
    expect(turn.response.blanks).toEqual([8, 2, 9]);
    const topics = (await app.ask('app.snapshot', {})).topics;
    expect(JSON.stringify([app.events, turn, topics])).not.toContain('Zanzibar');
  });

  it('remembers what was revealed, and that help was needed after it is hidden again', async () => {
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Hello.' });
    await finished(id);
    expect(await reveal(id)).toBe('I see.');
    const hidden = await app.ask('turn.reveal', { turnId: id, rung: 'audio' });
    expect(hidden.response).toMatchObject({ rung: 'audio', helpRung: 'english', text: null });
  });

  it('tells the model the conversation so far', async () => {
    const topic = await newTopic();
    const first = await app.ask('turn.type', { topicId: topic.id, text: 'First.' });
    await finished(first.id);
    const second = await app.ask('turn.type', { topicId: topic.id, text: 'Second.' });
    await finished(second.id);
    expect(chat.requests.at(-1)?.messages.slice(1)).toEqual([
      { role: 'user', content: 'First.' },
      { role: 'assistant', content: 'I see.' },
      { role: 'user', content: 'Second.' },
    ]);
  });

  it('releases its sounds in order, the first clause before the reply is whole', async () => {
    chat.behave({
      kind: 'reply',
      text: 'Well, to be honest, I am not sure. But let us try it. It may work.',
      delayMs: 20,
    });
    // The first piece is the slowest: order must come from us, not from luck.
    let spoken = 0;
    app.engines.speak = async (text) => {
      await new Promise((resolve) => setTimeout(resolve, spoken++ === 0 ? 200 : 1));
      return tone(0.1 * text.split(' ').length, 16_000);
    };
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Shall we?' });
    const first = await app.event('turn.speech', (piece) => piece.turnId === id);
    expect(first.sequence).toBe(0);
    await finished(id);
    const pieces = app.events
      .filter(({ name }) => name === 'turn.speech')
      .map(({ payload }) => payload as { sequence: number });
    expect(pieces.map(({ sequence }) => sequence)).toEqual(pieces.map((_, index) => index));
    expect(pieces.length).toBeGreaterThanOrEqual(4);
  });
});

describe('Chinese', () => {
  it('is put into English, which is said before the reply', async () => {
    chat.behave(({ messages }) =>
      String(messages[0]?.content).includes('would naturally say')
        ? { kind: 'reply', text: 'I would like a window seat.', delayMs: 30 }
        : { kind: 'reply', text: 'Of course.' },
    );
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: '我想要靠窗的座位' });
    const turn = await finished(id);
    expect(turn.prompt?.language).toBe('zh');
    expect(turn.bridge).toMatchObject({ state: 'ready', english: 'I would like a window seat.' });
    expect(turn.bridge?.clip?.durationMs).toBe(600);
    const parts = app.events
      .filter(({ name }) => name === 'turn.speech')
      .map(({ payload }) => (payload as { part: string }).part);
    expect(parts).toEqual(['bridge', 'response']);
  });

  it('still gets its reply when no English is found for it', async () => {
    chat.behave(({ messages }) =>
      String(messages[0]?.content).includes('would naturally say')
        ? { kind: 'status', status: 400 }
        : { kind: 'reply', text: 'Sure.' },
    );
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'I want to 报销 it' });
    const turn = await finished(id);
    expect(turn.prompt?.language).toBe('mixed');
    expect(turn.bridge).toMatchObject({ state: 'failed', english: null, error: { code: 'chat/unauthorised' } });
    expect(turn.response.state).toBe('complete');
  });
});

describe('a reply that does not come', () => {
  it.each([
    [{ kind: 'status', status: 401 }, 'chat/unauthorised'],
    [{ kind: 'status', status: 500 }, 'chat/server'],
    [{ kind: 'status', status: 429 }, 'chat/rate-limited'],
    [{ kind: 'status', status: 404 }, 'chat/model-not-found'],
    [{ kind: 'garbage' }, 'chat/bad-response'],
    [{ kind: 'empty' }, 'chat/empty'],
  ] as const)('%o is told as %s, and never stored as a reply', async (behaviour, code) => {
    chat.behave(behaviour);
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Hello.' });
    const turn = await finished(id);
    expect(turn.response).toMatchObject({ state: 'failed', error: { code }, clip: null });
    expect(await reveal(id)).toBe('');
  });

  it.each(['cut', 'unfinished'] as const)('keeps a %s reply apart from whole ones, and can ask again', async (kind) => {
    chat.behave({ kind, text: 'I was going to say something long.' });
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Hello.' });
    const turn = await finished(id);
    expect(turn.response).toMatchObject({ state: 'failed', error: { code: 'chat/cut-short' } });
    expect(await reveal(id)).toContain('I was going');

    chat.behave({ kind: 'reply', text: 'Here I am again.' });
    await app.ask('turn.retry', { turnId: id });
    await app.event('turn.changed', ({ turn: each }) => each.id === id && each.response.state === 'complete');
    expect(await reveal(id)).toBe('Here I am again.');
    expect(chat.requests.at(-1)?.messages).toHaveLength(2);
  });

  it('ends a reply that does not end', async () => {
    chat.behave({ kind: 'endless' });
    const topic = await newTopic();
    app.engines.speak = () => Promise.resolve(tone(0.1, 16_000));
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Hello.' });
    expect((await finished(id)).response).toMatchObject({ state: 'failed', error: { code: 'chat/too-long' } });
  });

  it('says that an endpoint cannot be reached', async () => {
    await app.ask('settings.update', { chatBaseUrl: 'http://127.0.0.1:1/v1' });
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Hello.' });
    expect((await finished(id)).response.error?.code).toBe('chat/unreachable');
  });
});

describe('barge-in', () => {
  it('stops the reply, keeps what was written apart, and tells the model only what was heard', async () => {
    chat.behave({
      kind: 'reply',
      text: 'One two three. Four five six. Seven eight nine. Ten eleven twelve.',
      delayMs: 40,
    });
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Count.' });
    await app.event('turn.speech', (piece) => piece.turnId === id && piece.sequence === 1);
    await app.ask('turn.stop', { turnId: id, heardMs: 300 });
    const turn = await turnNow(id);
    expect(turn.response.state).toBe('interrupted');
    const pieces = app.events.filter(({ name }) => name === 'turn.speech').length;

    chat.behave({ kind: 'reply', text: 'Go on.' });
    const next = await app.ask('turn.type', { topicId: topic.id, text: 'Wait.' });
    await finished(next.id);
    expect(chat.requests.at(-1)?.messages.slice(1)).toEqual([
      { role: 'user', content: 'Count.' },
      { role: 'assistant', content: 'One two three. ' },
      { role: 'user', content: 'Wait.' },
    ]);
    const later = app.events.filter(
      ({ name, payload }) => name === 'turn.speech' && (payload as { turnId: string }).turnId === id,
    );
    expect(later).toHaveLength(pieces);
  });

  it('after the reply is whole changes what was heard, and not the reply', async () => {
    chat.behave({ kind: 'reply', text: 'One two three. Four five six.' });
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Count.' });
    await finished(id);
    await app.ask('turn.stop', { turnId: id, heardMs: 300 });
    expect((await turnNow(id)).response.state).toBe('complete');
    const next = await app.ask('turn.type', { topicId: topic.id, text: 'Wait.' });
    await finished(next.id);
    expect(chat.requests.at(-1)?.messages[2]?.content).toBe('One two three. ');
    await app.ask('turn.heard', { turnId: id });
    const last = await app.ask('turn.type', { topicId: topic.id, text: 'And?' });
    await finished(last.id);
    expect(chat.requests.at(-1)?.messages[2]?.content).toBe('One two three. Four five six.');
  });

  it('by the next turn stops the one before', async () => {
    chat.behave({ kind: 'reply', text: 'A very long answer that goes on and on and on.', delayMs: 100 });
    const topic = await newTopic();
    const first = await app.ask('turn.type', { topicId: topic.id, text: 'First.' });
    await app.event('turn.changed', ({ turn }) => turn.id === first.id && turn.response.state === 'streaming');
    chat.behave({ kind: 'reply', text: 'Second answer.' });
    const second = await app.ask('turn.type', { topicId: topic.id, text: 'Second.' });
    await finished(second.id);
    expect((await turnNow(first.id)).response.state).toBe('interrupted');
    expect((await turnNow(second.id)).response.state).toBe('complete');
  });
});

describe('a voice that fails', () => {
  it('never stops reading, and is tried again when asked', async () => {
    app.engines.speak = () => Promise.reject(new AppError('voice/failed', 'broken'));
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Hello.' });
    const turn = await finished(id);
    expect(turn.response).toMatchObject({ state: 'complete', clip: null, voiceError: { code: 'voice/failed' } });
    expect(await reveal(id)).toBe('I see.');
    expect(await app.request('turn.read', { turnId: id, part: 'response' })).toMatchObject({
      ok: false,
      error: { code: 'voice/failed' },
    });

    app.engines.speak = () => Promise.resolve(tone(0.5, 16_000));
    const { wav } = await app.ask('turn.read', { turnId: id, part: 'response' });
    expect(wav.byteLength).toBe(44 + 16_000);
    expect((await turnNow(id)).response.clip?.durationMs).toBe(500);
  });

  it('leaves out a piece without a speakable word', async () => {
    chat.behave({ kind: 'reply', text: '鑫。 Yes.' });
    app.engines.speak = (text) =>
      text.includes('鑫') ? Promise.reject(new AppError('voice/nothing-to-say')) : Promise.resolve(tone(0.1, 16_000));
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Hello.' });
    expect((await finished(id)).response).toMatchObject({ voiceError: null, clip: { durationMs: 100 } });
  });
});

describe('the sound of a reply', () => {
  const three = 'One two three. Four five six. Seven eight nine.';

  /** Bytes of the whole reply in the voice of these tests: 100 ms of 16 kHz for each word. */
  const wholeBytes = 44 + 9 * 3200;

  async function soundNow(id: string): Promise<number> {
    return (await app.ask('turn.read', { turnId: id, part: 'response' })).wav.byteLength;
  }

  it('that was stopped is not kept, and is said anew as a whole', async () => {
    chat.behave({ kind: 'reply', text: three });
    const { promise: goOn, resolve: speakOn } = Promise.withResolvers<undefined>();
    const usual = app.engines.speak;
    app.engines.speak = async (text, signal) => {
      if (text.startsWith('Seven')) await goOn;
      return usual(text, signal);
    };
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Count.' });
    await app.event('turn.changed', ({ turn }) => turn.id === id && turn.response.state === 'complete');
    await app.event('turn.speech', (piece) => piece.turnId === id && piece.sequence === 1);
    const stopped = app.ask('turn.stop', { turnId: id, heardMs: 300 });
    speakOn(undefined);
    await stopped;
    expect((await turnNow(id)).response).toMatchObject({ state: 'complete', clip: null });
    expect(await soundNow(id)).toBe(wholeBytes);
    expect((await turnNow(id)).response.clip?.durationMs).toBe(900);
  });

  it('that broke midway is not kept, by a voice that broke while it was said anew neither', async () => {
    chat.behave({ kind: 'reply', text: three });
    const usual = app.engines.speak;
    app.engines.speak = (text, signal) =>
      text.startsWith('Seven') ? Promise.reject(new AppError('voice/failed')) : usual(text, signal);
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Count.' });
    expect((await finished(id)).response).toMatchObject({ clip: null, voiceError: { code: 'voice/failed' } });
    expect(await app.request('turn.read', { turnId: id, part: 'response' })).toMatchObject({
      ok: false,
      error: { code: 'voice/failed' },
    });
    expect((await turnNow(id)).response.clip).toBeNull();
    app.engines.speak = usual;
    expect(await soundNow(id)).toBe(wholeBytes);
  });

  it('whose words broke off is not kept: the last of them was never said', async () => {
    chat.behave({ kind: 'cut', text: 'One two three. Four five' });
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Count.' });
    expect((await finished(id)).response).toMatchObject({ state: 'failed', clip: null });
    expect(await soundNow(id)).toBe(44 + 5 * 3200);
  });

  it('keeps the English that was said before the reply was stopped', async () => {
    chat.behave({ kind: 'reply', text: three });
    const { promise: goOn, resolve: speakOn } = Promise.withResolvers<undefined>();
    const usual = app.engines.speak;
    let spoken = 0;
    app.engines.speak = async (text, signal) => {
      spoken += 1;
      if (spoken > 1) await goOn;
      return usual(text, signal);
    };
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: '你好' });
    await app.event('turn.speech', (piece) => piece.turnId === id && piece.part === 'bridge');
    const stopped = app.ask('turn.stop', { turnId: id, heardMs: 0 });
    speakOn(undefined);
    await stopped;
    const turn = await turnNow(id);
    expect(turn.bridge?.clip).not.toBeNull();
    expect(turn.response.clip).toBeNull();
  });
});

describe('a spoken turn', () => {
  it('begins with a take, whose recording it keeps', async () => {
    app.engines.hear = 'Nice to meet you.';
    const topic = await newTopic();
    expect(await app.record(topic.id, 2)).toMatchObject({
      ok: true,
      value: { state: 'recognising', durationMs: 2000 },
    });
    await app.event('take.removed');
    const { turn } = await app.event('turn.changed');
    const stored = await finished(turn.id);
    expect(stored.prompt).toMatchObject({ text: 'Nice to meet you.', clip: { durationMs: 2000 } });
    const { wav } = await app.ask('turn.read', { turnId: turn.id, part: 'prompt' });
    expect(wav.byteLength).toBe(44 + 2 * 32_000);
    expect((await app.ask('topic.open', { topicId: topic.id, beforeTurnId: null })).takes).toEqual([]);
    expect(await readdir(join(app.folder, 'profiles/local/takes'))).toEqual([]);
  });
});

describe('the times of words', () => {
  it('are told with the words, and only then', async () => {
    chat.behave({ kind: 'reply', text: 'It costs $3.50. **Good?**' });
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'How much?' });
    const hidden = await finished(id);
    expect(hidden.response.words).toBeNull();
    const told = app.events
      .filter(({ name }) => name === 'turn.changed')
      .map(({ payload }) => payload as { turn: TurnView });
    expect(told.filter(({ turn }) => turn.response.words !== null)).toEqual([]);

    const { response } = await app.ask('turn.reveal', { turnId: id, rung: 'english' });
    // The fake voice takes 100 ms for a word: "It costs three dollars fifty." and "Good?"
    expect(response.words?.map(({ text }) => text)).toEqual(['It', 'costs', '$3.50', 'Good']);
    expect(response.words?.[0]?.startMs).toBe(0);
    expect(response.words?.[3]).toMatchObject({ startMs: 500, endMs: 600, probability: null });
    expect((await app.ask('turn.reveal', { turnId: id, rung: 'audio' })).response.words).toBeNull();

    app = await app.restart();
    expect((await app.ask('turn.reveal', { turnId: id, rung: 'english' })).response.words).toEqual(response.words);
  });

  it('are there while the reply is still being written', async () => {
    chat.behave({ kind: 'reply', text: 'One two three. Four five six. Seven eight nine.', delayMs: 60 });
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Count.' });
    await app.ask('turn.reveal', { turnId: id, rung: 'english' });
    const { turn } = await app.event('turn.changed', (each) => (each.turn.response.words?.length ?? 0) > 3);
    expect(turn.response.state).toBe('streaming');
    expect(turn.response.words?.slice(3, 4)).toMatchObject([{ text: 'Four', startMs: 300 }]);
    await finished(id);
  });

  it('are made again with the sound', async () => {
    app.engines.speak = () => Promise.reject(new AppError('voice/failed'));
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Hello.' });
    await finished(id);
    expect((await app.ask('turn.reveal', { turnId: id, rung: 'english' })).response.words).toBeNull();
    app.engines.speak = () => Promise.resolve(tone(0.5, 16_000));
    await app.ask('turn.read', { turnId: id, part: 'response' });
    expect((await turnNow(id)).response.words?.map(({ text }) => text)).toEqual(['I', 'see']);
  });

  it('of what the learner said come with it', async () => {
    app.engines.hear = 'Nice to meet you.';
    const topic = await newTopic();
    await app.record(topic.id, 2);
    const { turn } = await app.event('turn.changed');
    expect((await finished(turn.id)).prompt?.words).toHaveLength(4);
  });
});

describe('after a restart', () => {
  it('everything is there, and replays without the network', async () => {
    const topic = await newTopic();
    await app.record(topic.id, 1);
    const { turn } = await app.event('turn.changed');
    await finished(turn.id);
    await reveal(turn.id);
    await chat.close();

    app = await app.restart();
    const snapshot = await app.ask('app.snapshot', {});
    expect(snapshot.topics).toMatchObject([
      { id: topic.id, theme: '周末', preview: { kind: 'prompt', text: 'Nice to meet you.' } },
    ]);
    const page = await app.ask('topic.open', { topicId: topic.id, beforeTurnId: null });
    expect(page.turns[0]?.response).toMatchObject({ state: 'complete', text: 'I see.', rung: 'english' });
    for (const part of ['prompt', 'response'] as const) {
      const { wav } = await app.ask('turn.read', { turnId: turn.id, part });
      expect(wav.byteLength).toBeGreaterThan(1000);
    }
    expect(app.engines.starts.sherpa).toBe(0);
  });

  it('a turn that was never answered says so, and can be asked again', async () => {
    chat.behave({ kind: 'silent' });
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: '你好' });
    // As a crash leaves it: no chance to store anything.
    const folder = app.folder;
    const copy = await copyProfile(folder);
    const revived = await createHarness({ folder: copy, fetch: globalThis.fetch, secrets: memorySecrets() });
    const page = await revived.ask('topic.open', { topicId: topic.id, beforeTurnId: null });
    expect(page.turns[0]).toMatchObject({
      id,
      bridge: { state: 'failed', error: { code: 'chat/interrupted' } },
      response: { state: 'failed', error: { code: 'chat/interrupted' } },
    });
    chat.behave({ kind: 'reply', text: 'Hello again.' });
    await revived.ask('turn.retry', { turnId: id });
    const turn = await finished(id, revived);
    expect(turn).toMatchObject({
      bridge: { state: 'ready', english: 'Hello again.' },
      response: { state: 'complete' },
    });
    await revived.close();
  });
});

/** A copy of a profile that is in use: what a crash at this moment would leave on disk. */
async function copyProfile(folder: string): Promise<string> {
  const { cp, mkdtemp } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const copy = await mkdtemp(join(tmpdir(), 'botchat-crash-'));
  await cp(folder, copy, { recursive: true });
  return copy;
}

describe('a model that thinks or loads', () => {
  const streamed = { kind: 'raw', status: 200, headers: { 'content-type': 'text/event-stream' } } as const;
  const deltas = (...contents: readonly string[]) => [
    ...contents.map((content) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`),
    'data: [DONE]\n\n',
  ];

  it('is neither shown, spoken nor stored with what it thought, though its beginning was not marked', async () => {
    const spoken: string[] = [];
    app.engines.speak = (text) => {
      spoken.push(text);
      return Promise.resolve(tone(0.1, 16_000));
    };
    chat.behave({ ...streamed, body: deltas('The user says hi. I should ', 'answer.\n</th', 'ink>\n\nHello there.') });
    const topic = await newTopic();
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'Hi.' });
    const turn = await finished(id);
    expect(await reveal(id)).toBe('Hello there.');
    expect(turn.response).toMatchObject({ state: 'complete', waitingFor: null });
    const { wav } = await app.ask('turn.read', { turnId: id, part: 'response' });
    expect(wav.byteLength).toBe(44 + 2 * 1600);
    expect(spoken.at(-1)).toBe('Hello there.');
  });

  it('is told a shorter history when the conversation has grown too long', async () => {
    const topic = await newTopic();
    for (let index = 0; index < 12; index += 1) {
      const { id } = await app.ask('turn.type', { topicId: topic.id, text: `Line ${String(index)}.` });
      await finished(id);
    }
    const tooLong = JSON.stringify({ error: { message: 'This model’s maximum context length is 4096 tokens.' } });
    chat.behave({ kind: 'raw', status: 400, headers: { 'content-type': 'application/json' }, body: [tooLong] });
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'The last one.' });
    expect((await finished(id)).response.error?.code).toBe('chat/conversation-too-long');
    const sent = chat.requests.at(-1)?.messages.length ?? 0;
    chat.behave({ kind: 'reply', text: 'I see.' });
    await app.ask('turn.retry', { turnId: id });
    await app.event('turn.changed', ({ turn }) => turn.id === id && turn.response.state === 'complete');
    expect(chat.requests.at(-1)?.messages.length).toBeLessThan(sent);
  });
});
