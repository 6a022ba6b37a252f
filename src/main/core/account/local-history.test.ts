import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../shared/errors.js';
import { createHarness, loginForm, memorySecrets, profileOf, type Harness } from '../testing/harness.js';
import { createMemoryAccountStore } from '../testing/memory-account-store.js';

let app: Harness;

beforeEach(async () => {
  app = await createHarness({ accountStore: createMemoryAccountStore(), secrets: memorySecrets() });
});
afterEach(() => app.close());

const localFolder = () => join(app.folder, 'profiles/local');
const filesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, encoding: 'utf8' }).catch(() => [])).filter((name) =>
    name.endsWith('.wav'),
  );

/** A topic with a spoken turn, and a take that was not understood. Answers their sounds. */
async function talk() {
  const { id: topicId } = await app.ask('topic.create', { sceneId: null, theme: '本地' });
  app.engines.hear = 'Nice to meet you.';
  await app.record(topicId, 2);
  const { turnId } = await app.event('turn.speechEnd');
  app.engines.hear = new AppError('recogniser/failed');
  const waiting = await app.record(topicId, 3);
  if (!waiting.ok) throw new Error(waiting.error.code);
  const takeId = waiting.value.id;
  await app.event('take.changed', ({ take }) => take.id === takeId && take.state === 'failed');
  const sounds = {
    prompt: (await app.ask('turn.read', { turnId, part: 'prompt' })).wav,
    reply: (await app.ask('turn.read', { turnId, part: 'response' })).wav,
    take: (await app.ask('take.read', { takeId })).wav,
  };
  return { topicId, turnId, takeId, sounds };
}

/** What the one who is signed in has of it. */
async function soundsOf({ turnId, takeId }: { readonly turnId: string; readonly takeId: string }) {
  return {
    prompt: (await app.ask('turn.read', { turnId, part: 'prompt' })).wav,
    reply: (await app.ask('turn.read', { turnId, part: 'response' })).wav,
    take: (await app.ask('take.read', { takeId })).wav,
  };
}

describe('history that is taken along', () => {
  it.each(['account.signIn', 'account.register'] as const)(
    'at %s keeps its sounds, and the recordings that wait to be understood',
    async (route) => {
      const talked = await talk();
      if (route === 'account.signIn') await app.ask(route, loginForm);
      else await app.ask(route, { ...loginForm, invitation: null });
      expect((await app.ask('app.snapshot', {})).account.localTopics).toBe(1);
      expect(await app.ask('account.takeHistory', {})).toEqual({ topics: 1 });
      expect(await soundsOf(talked)).toEqual(talked.sounds);
      expect((await app.ask('app.snapshot', {})).account.localTopics).toBe(0);
      expect(await filesIn(localFolder())).toEqual([]);

      // After the next start, too, which clears away recordings that belong to nobody.
      app = await app.restart();
      expect(await soundsOf(talked)).toEqual(talked.sounds);
      app.engines.hear = 'See you tomorrow.';
      await app.ask('take.transcribe', { takeId: talked.takeId });
      await app.event('turn.changed', ({ turn }) => turn.prompt?.text === 'See you tomorrow.');
    },
  );

  it('that was still being recorded when somebody signed in waits in the account', async () => {
    const { id: topicId } = await app.ask('topic.create', { sceneId: null, theme: 'A' });
    const { id: takeId } = await app.ask('take.start', { topicId });
    for (let sequence = 0; sequence < 10; sequence += 1)
      await app.ask('take.append', { takeId, sequence, pcm: new Uint8Array(3200).fill(7) });
    await app.ask('account.signIn', loginForm);
    await app.ask('account.takeHistory', {});
    const { takes } = await app.ask('topic.open', { topicId, beforeTurnId: null });
    expect(takes).toMatchObject([{ id: takeId, state: 'failed', durationMs: 1000 }]);
    expect((await app.ask('take.read', { takeId })).wav.byteLength).toBe(44 + 32_000);
  });

  it('that cannot be taken stays whole where it is, and can be taken later', async () => {
    const talked = await talk();
    await app.ask('account.signIn', loginForm);
    const { account } = await app.ask('app.snapshot', {});
    const takes = join(app.folder, 'profiles', profileOf(account.account?.id ?? ''), 'takes');
    await rm(takes, { recursive: true, force: true });
    await writeFile(takes, 'in the way');
    expect(await app.request('account.takeHistory', {})).toMatchObject({
      ok: false,
      error: { code: 'profile/unwritable' },
    });
    expect((await app.ask('app.snapshot', {})).topics).toEqual([]);
    await rm(takes);
    await mkdir(takes);
    await app.ask('account.takeHistory', {});
    expect(await soundsOf(talked)).toEqual(talked.sounds);
  });

  it('that is left stays for whoever uses the machine without an account', async () => {
    const talked = await talk();
    await app.ask('account.signIn', loginForm);
    await app.ask('account.leaveHistory', {});
    expect((await app.ask('app.snapshot', {})).account.localTopics).toBe(0);
    await app.ask('account.signOut', {});
    expect(await soundsOf(talked)).toEqual(talked.sounds);
  });
});

describe('a local profile that cannot be opened', () => {
  it('is no reason to show the account nothing, and offers nothing', async () => {
    await talk();
    await app.ask('account.signIn', loginForm);
    await app.ask('topic.create', { sceneId: null, theme: 'Mine' });
    const { folder, core } = app;
    await core.dispose();
    for (const file of ['botchat.db', 'botchat.db-wal', 'botchat.db-shm'])
      await rm(join(folder, 'profiles/local', file), { force: true });
    await mkdir(join(folder, 'profiles/local/botchat.db'));
    app = await app.restart();
    const snapshots = await Promise.all([1, 2, 3].map(() => app.ask('app.snapshot', {})));
    for (const { topics, account } of snapshots) {
      expect(topics).toMatchObject([{ theme: 'Mine' }]);
      expect(account.localTopics).toBe(0);
    }
  });
});

it('many windows that begin at once count the local topics once', async () => {
  await talk();
  await app.ask('account.signIn', loginForm);
  app = await app.restart();
  const snapshots = await Promise.all([1, 2, 3, 4].map(() => app.ask('app.snapshot', {})));
  expect(snapshots.map(({ account }) => account.localTopics)).toEqual([1, 1, 1, 1]);
});
