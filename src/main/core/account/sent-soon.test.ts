import { afterEach, expect, it } from 'vitest';
import { createHarness, loginForm, memorySecrets, type Harness } from '../testing/harness.js';
import { createMemoryAccountStore } from '../testing/memory-account-store.js';

let app: Harness;
afterEach(() => app.close());

it('what a learner changes is sent soon, without being asked for', async () => {
  const store = createMemoryAccountStore();
  app = await createHarness({ accountStore: store, secrets: memorySecrets() });
  await app.ask('account.signIn', loginForm);
  const record = (id: string) => store.dump().find((each) => each.id === id);

  const { id: topicId } = await app.ask('topic.create', { sceneId: null, theme: 'tea' });
  await expect.poll(() => record(topicId)?.fields.theme).toBe('tea');
  await app.ask('topic.rename', { topicId, theme: 'coffee' });
  await expect.poll(() => record(topicId)?.fields.theme).toBe('coffee');

  const { id: turnId } = await app.ask('turn.type', { topicId, text: 'Hello.' });
  await expect.poll(() => record(turnId)?.fields.response_state).toBe('complete');
  await app.ask('turn.reveal', { turnId, rung: 'english' });
  await expect.poll(() => record(turnId)?.fields.rung).toBe('english');

  await app.ask('topic.delete', { topicId });
  await expect.poll(() => record(topicId)?.deleted).not.toBe(null);
});
