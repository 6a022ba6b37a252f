import { describe, expect, test } from 'vitest';
import { FakeAudioContext, FakeAudioElement } from './audio/fake-audio-context.js';
import { createFakeMicrophone } from './audio/fake-microphone.js';
import { createPlayer } from './audio/player.js';
import { createFakeClient, settle } from './fake-client.js';
import { createViewModel } from './view-model.js';
import { sampleAccount, sampleSnapshot, sampleTake, sampleTopic, sampleTurn } from './stores/sample-views.js';
import type { TurnView } from '../shared/contract/turn.js';

const rate = 1000;

function start(turns: readonly TurnView[] = [sampleTurn('1')]) {
  const fake = createFakeClient();
  const topics = [sampleTopic('topic', 2), sampleTopic('other', 1)];
  fake.answer('app.snapshot', () => ({ ok: true, value: sampleSnapshot(topics) }));
  fake.answer('topic.open', ({ topicId }) => ({
    ok: true,
    value: {
      topic: sampleTopic(topicId),
      turns: turns.filter((turn) => turn.topicId === topicId),
      hasEarlier: false,
      takes: [],
    },
  }));
  fake.answer('topic.suggestions', () => ({ ok: true, value: [] }));
  fake.answer('turn.read', () => ({ ok: true, value: { wav: Uint8Array.of(1) } }));
  fake.answer('turn.reveal', ({ rung }) => ({ ok: true, value: sampleTurn('1', { rung, helpRung: rung }) }));
  fake.answer('turn.type', () => ({ ok: true, value: sampleTurn('9', { state: 'pending' }) }));
  const context = new FakeAudioContext();
  const element = new FakeAudioElement();
  const mic = createFakeMicrophone();
  const viewModel = createViewModel(fake.client, mic.microphone, (listener) =>
    createPlayer(
      () => context as unknown as AudioContext,
      () => element as unknown as HTMLAudioElement,
      listener,
    ),
  );
  fake.connect('open');
  const speech = (turnId: string, sequence: number, ms = 1000) => {
    fake.emit('turn.speech', { turnId, part: 'response', sequence, sampleRateHz: rate, pcm: new Uint8Array(2 * ms) });
  };
  const sound = () => viewModel.playback.store.getState().sound;
  return { fake, viewModel, context, element, speech, sound, mic };
}

describe('the view model', () => {
  test('begins with the snapshot and the topic used last', async () => {
    const { viewModel, fake } = start();
    await settle();
    expect(viewModel.conversation.store.getState().topicId).toBe('topic');
    expect(viewModel.topics.store.getState().topics).toHaveLength(2);
    expect(fake.routes()).toEqual(['app.snapshot', 'models.list', 'topic.open', 'topic.suggestions']);
  });

  test('a reply that was played to its end counts as heard', async () => {
    const { fake, context, speech } = start();
    await settle();
    fake.emit('turn.changed', { turn: sampleTurn('2', { state: 'streaming' }) });
    speech('2', 0);
    speech('2', 1);
    fake.emit('turn.speechEnd', { turnId: '2' });
    expect(fake.routes()).not.toContain('turn.heard');
    context.advanceTo(5);
    expect(fake.asked.at(-1)).toEqual(['turn.heard', { turnId: '2' }]);
  });

  test('talking over a reply silences it and tells how much of it was heard', async () => {
    const { fake, viewModel, context, speech, sound } = start();
    await settle();
    fake.answer('take.start', () => ({ ok: true, value: sampleTake('take', { state: 'recording' }) }));
    fake.emit('turn.changed', { turn: sampleTurn('2', { state: 'streaming' }) });
    speech('2', 0);
    context.advanceTo(0.42);
    viewModel.startTalking();
    expect(sound()).toBeNull();
    expect(fake.asked.at(-1)).toEqual(['turn.stop', { turnId: '2', heardMs: 400 }]);
    // Pieces that were on their way stay silent.
    speech('2', 1);
    expect(sound()).toBeNull();
    await settle();
    expect(fake.routes()).toContain('take.start');
  });

  test('Esc stops a reply that is still being thought of', async () => {
    const { fake, viewModel } = start();
    await settle();
    fake.emit('turn.changed', { turn: sampleTurn('2', { state: 'pending' }) });
    viewModel.stop();
    expect(fake.asked.at(-1)).toEqual(['turn.stop', { turnId: '2', heardMs: 0 }]);
  });

  test('with nothing to stop, Esc asks for nothing', async () => {
    const { fake, viewModel } = start();
    await settle();
    viewModel.stop();
    expect(fake.routes()).not.toContain('turn.stop');
  });

  test('the first words of a new topic are heard though they come before its page', async () => {
    const { fake, viewModel, speech, sound } = start([sampleTurn('g', { state: 'streaming' }, 'new')]);
    await settle();
    fake.answer('topic.create', () => {
      speech('g', 0);
      return { ok: true, value: sampleTopic('new', 9) };
    });
    expect(await viewModel.createTopic('free-talk', 'x')).toBe(true);
    expect(sound()).toEqual({ kind: 'speech', turnId: 'g', part: 'response' });
  });

  test('speech of a topic that is not open stays silent', async () => {
    const { speech, sound, fake } = start();
    await settle();
    fake.emit('turn.changed', { turn: sampleTurn('5', {}, 'other') });
    speech('5', 0);
    expect(sound()).toBeNull();
  });

  test('leaving a topic silences it', async () => {
    const { viewModel, fake, speech, sound } = start();
    await settle();
    fake.emit('turn.changed', { turn: sampleTurn('2', { state: 'streaming' }) });
    speech('2', 0);
    await viewModel.openTopic('other');
    expect(sound()).toBeNull();
    expect(viewModel.conversation.store.getState().turns).toEqual([]);
  });

  test('hearing slowly is recorded as help, once', async () => {
    const { viewModel, fake, element } = start();
    await settle();
    viewModel.replaySlowly(sampleTurn('1'));
    await settle();
    expect(fake.routes()).toEqual(expect.arrayContaining(['turn.reveal', 'turn.read']));
    expect(element.playbackRate).toBe(0.75);
    const before = fake.routes().filter((route) => route === 'turn.reveal').length;
    viewModel.replaySlowly(sampleTurn('1', { rung: 'english', text: 'x' }));
    expect(fake.routes().filter((route) => route === 'turn.reveal')).toHaveLength(before);
  });

  test('words are shown and hidden again', async () => {
    const { viewModel, fake } = start();
    await settle();
    viewModel.toggleText(sampleTurn('1'));
    expect(fake.asked.at(-1)).toEqual(['turn.reveal', { turnId: '1', rung: 'english' }]);
    viewModel.toggleText(sampleTurn('1', { rung: 'english', text: 'x' }));
    expect(fake.asked.at(-1)).toEqual(['turn.reveal', { turnId: '1', rung: 'audio' }]);
  });

  test('of two clips asked for, only the later is played', async () => {
    const { viewModel, fake, sound } = start();
    await settle();
    const slow = Promise.withResolvers<{ readonly ok: true; readonly value: unknown }>();
    fake.answer('turn.read', ({ part }) =>
      part === 'prompt' ? slow.promise : { ok: true, value: { wav: Uint8Array.of(1) } },
    );
    viewModel.togglePart('1', 'prompt', 1);
    viewModel.togglePart('1', 'response', 1);
    await settle();
    slow.resolve({ ok: true, value: { wav: Uint8Array.of(2) } });
    await settle();
    expect(sound()).toMatchObject({ kind: 'clip', key: '1/response' });
  });

  test('after a cut everything is loaded anew, the open topic included', async () => {
    const { viewModel, fake } = start();
    await settle();
    await viewModel.openTopic('other');
    fake.connect('lost');
    expect(viewModel.app.store.getState().connection).toBe('lost');
    fake.connect('open');
    await settle();
    expect(fake.routes().filter((route) => route === 'app.snapshot')).toHaveLength(2);
    expect(fake.asked.filter(([route]) => route === 'topic.open').at(-1)?.[1]).toMatchObject({ topicId: 'other' });
  });

  test('when the open topic is deleted, the next one opens', async () => {
    const { viewModel, fake } = start();
    await settle();
    fake.emit('topic.removed', { topicId: 'topic' });
    await settle();
    expect(viewModel.conversation.store.getState().topicId).toBe('other');
    fake.emit('topic.removed', { topicId: 'other' });
    expect(viewModel.conversation.store.getState().topicId).toBeNull();
  });

  test('a setting that cannot be kept is taken back', async () => {
    const { viewModel, fake } = start();
    await settle();
    fake.answer('settings.update', () => ({ ok: false, error: { code: 'profile/disk-full' } }));
    const updated = viewModel.app.updateSettings({ theme: 'dark' });
    expect(viewModel.app.store.getState().facts?.settings.theme).toBe('dark');
    expect(await updated).toBe(false);
    expect(viewModel.app.store.getState().facts?.settings.theme).toBe('system');
  });
});

describe('hands-free', () => {
  async function listen() {
    const given = start();
    await settle();
    const { fake, viewModel } = given;
    const settings = { ...sampleSnapshot([]).settings, talkMode: 'hands-free' as const };
    fake.answer('take.start', () => ({ ok: true, value: sampleTake('take', { state: 'recording' }) }));
    fake.emit('settings.changed', { settings, chatKey: 'none' });
    viewModel.startTalking();
    await settle();
    const hears = (state: 'waiting' | 'speaking') => {
      fake.emit('take.listening', { takeId: 'take', topicId: 'topic', state, pause: null });
    };
    const stops = () => fake.asked.filter(([route]) => route === 'turn.stop').map(([, input]) => input);
    return { ...given, settings, hears, stops };
  }

  test('whoever speaks while the reply plays silences it, by voice alone', async () => {
    const { fake, hears, stops, speech, sound, context } = await listen();
    fake.emit('turn.changed', { turn: sampleTurn('2', { state: 'streaming' }) });
    speech('2', 0);
    context.advanceTo(0.42);
    hears('waiting');
    expect(sound()).not.toBeNull();
    hears('speaking');
    expect(sound()).toBeNull();
    expect(stops()).toEqual([{ turnId: '2', heardMs: 400 }]);
  });

  test('a reply that is begun while the learner speaks on is stopped, once', async () => {
    const { fake, hears, stops } = await listen();
    hears('speaking');
    fake.emit('turn.changed', { turn: sampleTurn('2', { state: 'pending' }) });
    fake.emit('turn.changed', { turn: sampleTurn('2', { state: 'streaming' }) });
    expect(stops()).toEqual([{ turnId: '2', heardMs: 0 }]);
  });

  test('one that is begun while nobody speaks is not, and typing goes on', async () => {
    const { fake, viewModel, stops } = await listen();
    fake.emit('turn.changed', { turn: sampleTurn('2', { state: 'pending' }) });
    expect(stops()).toEqual([]);
    await viewModel.type('Hello.');
    expect(viewModel.talk.store.getState().phase).toBe('recording');
  });

  test('ends with its mode, its topic and with Esc, which silences the reply too', async () => {
    const one = await listen();
    one.fake.emit('settings.changed', { settings: { ...one.settings, theme: 'dark' }, chatKey: 'none' });
    expect(one.viewModel.talk.store.getState().phase).toBe('recording');
    one.fake.emit('settings.changed', { settings: { ...one.settings, talkMode: 'hold' }, chatKey: 'none' });
    await settle();
    expect([one.viewModel.talk.store.getState().phase, one.mic.releases()]).toEqual(['idle', 1]);

    const two = await listen();
    two.hears('speaking');
    await two.viewModel.openTopic('other');
    // Half a sentence is not sent unasked: it waits.
    expect(two.fake.routes()).toContain('take.keep');
    expect(two.fake.routes()).not.toContain('take.finish');
    expect([two.viewModel.talk.store.getState().phase, two.mic.releases()]).toEqual(['idle', 1]);

    const three = await listen();
    three.fake.emit('turn.changed', { turn: sampleTurn('2', { state: 'streaming' }) });
    three.speech('2', 0);
    three.viewModel.stop();
    await settle();
    expect(three.sound()).toBeNull();
    expect(three.fake.routes()).toContain('take.discard');
    expect([three.viewModel.talk.store.getState().phase, three.mic.releases()]).toEqual(['idle', 1]);
  });

  test('what is understood so far is shown for its topic, and goes with the take', async () => {
    const { fake, viewModel } = await listen();
    const partials = () => viewModel.conversation.store.getState().partials;
    fake.emit('take.partial', { takeId: 'take', topicId: 'topic', text: 'I would like' });
    fake.emit('take.partial', { takeId: 'take', topicId: 'topic', text: 'I would like tea' });
    fake.emit('take.partial', { takeId: 'far', topicId: 'other', text: 'something else' });
    expect(partials()).toEqual({ take: 'I would like tea' });
    fake.emit('take.removed', { takeId: 'take', topicId: 'topic' });
    expect(partials()).toEqual({});
  });
});

describe('an account', () => {
  const mine = () => sampleAccount('mine', { localTopics: 2 });

  function signIn(given: ReturnType<typeof start>, topics = [sampleTopic('far', 9)], account = mine()) {
    given.fake.answer('app.snapshot', () => ({ ok: true, value: { ...sampleSnapshot(topics), account } }));
    given.fake.emit('account.changed', { account });
  }

  test('somebody who signs in or out sees nothing of whoever was there, not even for a moment', async () => {
    const given = start();
    const { viewModel, fake, speech, sound, context } = given;
    await settle();
    fake.answer('take.start', () => ({ ok: true, value: sampleTake('take', { state: 'recording' }) }));
    fake.emit('turn.changed', { turn: sampleTurn('2', { state: 'streaming' }) });
    speech('2', 0);
    context.advanceTo(0.1);
    viewModel.shell.setDraft('topic', 'a secret');
    viewModel.shell.show({ kind: 'rename-topic', topicId: 'topic' });
    viewModel.notices.tell({ kind: 'topic-gone', theme: 'a secret' });
    signIn(given);
    expect(sound()).toBeNull();
    expect(viewModel.topics.store.getState().topics).toEqual([]);
    expect(viewModel.conversation.store.getState()).toMatchObject({ topicId: null, turns: [], takes: [] });
    expect(viewModel.shell.store.getState()).toMatchObject({ drafts: {}, dialog: null });
    expect(viewModel.notices.store.getState().notices).toEqual([]);
    await settle();
    expect(viewModel.conversation.store.getState().topicId).toBe('far');
    expect(viewModel.app.store.getState().facts?.account.account?.name).toBe('mine');
  });

  test('a take that is being recorded goes with them', async () => {
    const given = start();
    const { viewModel, fake } = given;
    await settle();
    fake.answer('take.start', () => ({ ok: true, value: sampleTake('take', { state: 'recording' }) }));
    viewModel.startTalking();
    await settle();
    signIn(given);
    await settle();
    expect(viewModel.talk.store.getState().phase).toBe('idle');
    expect(fake.routes()).toContain('take.discard');
    expect(fake.routes()).not.toContain('take.finish');
  });

  test('one without topics is welcomed', async () => {
    const given = start();
    await settle();
    signIn(given, []);
    await settle();
    expect(given.viewModel.conversation.store.getState()).toMatchObject({ topicId: null, load: 'none' });
  });

  test('a snapshot that was asked for before comes too late', async () => {
    const given = start();
    await settle();
    const late = Promise.withResolvers<{ readonly ok: true; readonly value: unknown }>();
    given.fake.answer('app.snapshot', () => late.promise);
    void given.viewModel.reload();
    signIn(given);
    await settle();
    late.resolve({ ok: true, value: sampleSnapshot([sampleTopic('topic', 2)]) });
    await settle();
    expect(given.viewModel.topics.store.getState().topics.map(({ id }) => id)).toEqual(['far']);
  });

  test('history that is taken along is in the list, and the offer is gone', async () => {
    const given = start();
    const { viewModel, fake } = given;
    await settle();
    signIn(given);
    await settle();
    fake.answer('account.takeHistory', () => ({ ok: true, value: { topics: 2 } }));
    const account = { ...mine(), localTopics: 0 };
    const topics = [sampleTopic('far', 9), sampleTopic('topic', 2)];
    fake.answer('app.snapshot', () => ({ ok: true, value: { ...sampleSnapshot(topics), account } }));
    const opened = fake.routes().filter((route) => route === 'topic.open').length;
    await viewModel.takeHistory();
    expect(viewModel.topics.store.getState().topics).toHaveLength(2);
    expect(viewModel.app.store.getState().facts?.account.localTopics).toBe(0);
    expect(viewModel.notices.store.getState().notices).toMatchObject([{ kind: 'history-taken', topics: 2 }]);
    // The open topic is not disturbed.
    expect(fake.routes().filter((route) => route === 'topic.open')).toHaveLength(opened);
  });

  test('an answer that could not be kept leaves the offer', async () => {
    const given = start();
    await settle();
    signIn(given);
    await settle();
    given.fake.answer('account.leaveHistory', () => ({ ok: false, error: { code: 'profile/disk-full' } }));
    await given.viewModel.leaveHistory();
    expect(given.viewModel.app.store.getState().facts?.account.localTopics).toBe(2);
  });

  test('the open topic, deleted on another machine, goes with a word; deleted here, without', async () => {
    const { viewModel, fake } = start();
    await settle();
    fake.emit('topic.removed', { topicId: 'topic' });
    expect(viewModel.notices.store.getState().notices).toMatchObject([{ kind: 'topic-gone', theme: 'topic' }]);
    viewModel.notices.clear();
    fake.answer('topic.delete', () => {
      fake.emit('topic.removed', { topicId: 'other' });
      return { ok: true, value: null };
    });
    await viewModel.topics.delete('other');
    expect(viewModel.conversation.store.getState().topicId).toBeNull();
    expect(viewModel.notices.store.getState().notices).toEqual([]);
  });

  test('what another machine said comes into the open topic at its place', async () => {
    const { viewModel, fake } = start([sampleTurn('1'), sampleTurn('5')]);
    await settle();
    fake.emit('turn.changed', { turn: sampleTurn('3') });
    fake.emit('topic.changed', { topic: sampleTopic('far', 99) });
    expect(viewModel.conversation.store.getState().turns.map(({ id }) => id)).toEqual(['1', '3', '5']);
    expect(viewModel.topics.store.getState().topics[0]?.id).toBe('far');
  });

  test('the chip follows the events', async () => {
    const { viewModel, fake } = start();
    await settle();
    const sync = { state: 'pending', pending: 3, refused: 0, error: null, syncedTime: null } as const;
    fake.emit('sync.changed', { sync });
    expect(viewModel.app.store.getState().facts?.sync).toEqual(sync);
  });
});
