import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHarness, type Harness } from '../testing/harness.js';

let app: Harness;

beforeEach(async () => {
  app = await createHarness();
});

afterEach(() => app.close());

describe('topics', () => {
  it('a scene opens with its partner’s words: spoken, hidden, and kept', async () => {
    const topic = await app.ask('topic.create', { sceneId: 'ordering-food', theme: '点餐' });
    const end = await app.event('turn.speechEnd');
    const page = await app.ask('topic.open', { topicId: topic.id, beforeTurnId: null });
    expect(page.turns).toMatchObject([
      { id: end.turnId, prompt: null, response: { state: 'complete', text: null, scripted: true } },
    ]);
    expect(page.turns[0]?.response.clip?.durationMs).toBeGreaterThan(0);
    expect(page.topic.preview).toMatchObject({ kind: 'reply' });
    expect((await app.ask('topic.suggestions', { topicId: topic.id })).length).toBeGreaterThan(0);
  });

  it('the scripted partner answers without network or key, and says what it is', async () => {
    const topic = await app.ask('topic.create', { sceneId: 'ordering-food', theme: '点餐' });
    const { id } = await app.ask('turn.type', { topicId: topic.id, text: 'I would like a cup of coffee, please.' });
    await app.event('turn.speechEnd', (end) => end.turnId === id);
    const turn = await app.ask('turn.reveal', { turnId: id, rung: 'english' });
    expect(turn.response).toMatchObject({ state: 'complete', scripted: true });
    expect(turn.response.text?.length).toBeGreaterThan(10);
    expect((await app.ask('app.snapshot', {})).status.partner).toEqual({ kind: 'scripted' });
  });

  it('are renamed, and listed by last use', async () => {
    const first = await app.ask('topic.create', { sceneId: null, theme: 'First' });
    await new Promise((resolve) => setTimeout(resolve, 2));
    const second = await app.ask('topic.create', { sceneId: null, theme: 'Second' });
    await new Promise((resolve) => setTimeout(resolve, 2));
    const { id } = await app.ask('turn.type', { topicId: first.id, text: 'Hello.' });
    await app.event('turn.speechEnd', (end) => end.turnId === id);
    await app.ask('topic.rename', { topicId: second.id, theme: '  第二 🎉 <b>  ' });
    expect((await app.ask('app.snapshot', {})).topics.map(({ theme }) => theme)).toEqual(['First', '第二 🎉 <b>']);
    expect(await app.request('topic.rename', { topicId: second.id, theme: '   ' })).toMatchObject({ ok: false });
  });

  it('are deleted with their sounds, while one is being answered too', async () => {
    const kept = await app.ask('topic.create', { sceneId: null, theme: 'Kept' });
    await app.record(kept.id);
    const { turn } = await app.event('turn.changed');
    await app.event('turn.speechEnd', (end) => end.turnId === turn.id);
    const clipFiles = async () =>
      (await readdir(join(app.folder, 'profiles/local/clips'), { recursive: true })).filter((name) =>
        name.endsWith('.wav'),
      );
    const before = await clipFiles();

    const gone = await app.ask('topic.create', { sceneId: null, theme: 'Gone' });
    await app.record(gone.id, 2);
    const { turn: running } = await app.event('turn.changed', ({ turn: each }) => each.topicId === gone.id);
    await app.ask('topic.delete', { topicId: gone.id });

    expect(await app.request('topic.open', { topicId: gone.id, beforeTurnId: null })).toMatchObject({
      ok: false,
      error: { code: 'topic/not-found' },
    });
    expect(await app.request('turn.read', { turnId: running.id, part: 'prompt' })).toMatchObject({
      ok: false,
      error: { code: 'turn/not-found' },
    });
    expect((await app.ask('app.snapshot', {})).topics.map(({ id }) => id)).toEqual([kept.id]);
    expect((await clipFiles()).sort()).toEqual(before.sort());
    // The sound it shares with the deleted one is still there.
    await app.ask('turn.read', { turnId: turn.id, part: 'prompt' });
  });

  it('shows the newest turns, and earlier ones on request', async () => {
    const topic = await app.ask('topic.create', { sceneId: null, theme: 'Long' });
    for (let index = 0; index < 33; index += 1)
      await app.ask('turn.type', { topicId: topic.id, text: `Line ${String(index)}` });
    const page = await app.ask('topic.open', { topicId: topic.id, beforeTurnId: null });
    expect(page.hasEarlier).toBe(true);
    expect(page.turns.map(({ prompt }) => prompt?.text)).toEqual(
      Array.from({ length: 30 }, (_, index) => `Line ${String(index + 3)}`),
    );
    const earlier = await app.ask('topic.open', { topicId: topic.id, beforeTurnId: page.turns[0]?.id ?? '' });
    expect(earlier.hasEarlier).toBe(false);
    expect(earlier.turns.map(({ prompt }) => prompt?.text)).toEqual(['Line 0', 'Line 1', 'Line 2']);
  });
});
