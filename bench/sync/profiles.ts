import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { blankTurn, insertTurn } from '../../src/main/core/data/conversations.js';
import { listSendable } from '../../src/main/core/data/outbox.js';
import { Machine } from '../../src/main/core/testing/machine.js';
import type { AccountStore, Operation } from '../../src/main/core/sync/account-store.js';

const prompts = [
  'I would like to check in, please. I have a booking under the name Chen.',
  'Could you tell me how to get to the station from here?',
  'I went to the sea with my family last weekend, it was very sunny.',
  '这个用英语怎么说？ I mean the thing you put under a cup.',
];
const replies = [
  'Welcome! I have your booking right here: one double room for three nights. May I see your passport, please?',
  'Of course. Go straight along this street, turn left at the bank, and you will see the station in front of you. It is about ten minutes on foot.',
  'That sounds lovely! Did you swim, or was the water still too cold? Tell me about the best moment of the day.',
  'You probably mean a coaster, or a saucer if it is a small plate. Which one do you have at home?',
];

/**
 * A profile with a topic and so many conversations that no account was told of, made once. It is copied for each run,
 * since an outbox can be sent only once. The rows go in as the app's own turns do, but many in a transaction.
 */
export async function seedProfile(folder: string, name: string, conversations: number): Promise<void> {
  const machine = await Machine.create(folder, name, { store: unreachable, token: Buffer.alloc(32) });
  const topic = await machine.addTopic('At the hotel');
  for (let from = 0; from < conversations; from += 5000) {
    await machine.db.transaction().execute(async (tx) => {
      for (let index = from; index < Math.min(from + 5000, conversations); index += 1) {
        await insertTurn(tx, {
          ...blankTurn,
          id: uuidv7(),
          topic_id: topic.id,
          created_time: Date.now(),
          prompt: `${prompts[index % prompts.length] ?? ''} (${String(index)})`,
          prompt_language: 'en',
          response: replies[index % replies.length] ?? '',
          response_state: 'complete',
        });
      }
    });
  }
  await machine.close();
}

/** A copy of a seeded profile, in step with an account once it is told to sync. */
export async function openCopy(
  folder: string,
  seed: string,
  name: string,
  account: { readonly store: AccountStore; readonly token: Buffer },
): Promise<Machine> {
  copyFileSync(join(folder, `${seed}.db`), join(folder, `${name}.db`));
  return await Machine.create(folder, name, account);
}

/** The first changes of a profile, as the store takes them: for whoever sends them otherwise than the app does. */
export async function firstOperations(machine: Machine, count: number): Promise<readonly Operation[]> {
  return (await listSendable(machine.db, count)).map((change) => ({
    opId: change.op_id,
    kind: change.kind,
    id: change.record_id,
    clock: change.clock,
    ...(change.parent_id !== null && { parent: { kind: 'topic', id: change.parent_id } }),
    fields: JSON.parse(change.fields ?? '{}') as Record<string, string | number | null>,
  }));
}

const unreachable: AccountStore = { burst: () => Promise.reject(new Error('not to be reached')) };

/** What passes through a store's calls, and how long they took, decoding included; the rest of a round is ours. */
export function watch(store: AccountStore) {
  const spent = { pushMs: 0, pullMs: 0, failure: null as unknown };
  const watched: AccountStore = {
    async burst(work, signal) {
      const spying = store.burst(
        (calls) =>
          work({
            ...calls,
            async push(token, operations) {
              const start = performance.now();
              const answer = await calls.push(token, operations);
              spent.pushMs += performance.now() - start;
              return answer;
            },
            async pull(token, page) {
              const start = performance.now();
              const answer = await calls.pull(token, page);
              spent.pullMs += performance.now() - start;
              return answer;
            },
          }),
        signal,
      );
      spying.catch((error: unknown) => (spent.failure = error));
      return await spying;
    },
  };
  return { store: watched, spent };
}
