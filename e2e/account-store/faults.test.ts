import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { decode, encode } from '@msgpack/msgpack';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Input, Output, Route } from '../../src/shared/contract/contract.js';
import type { Result } from '../../src/shared/errors.js';
import { Machine } from '../../src/main/core/testing/machine.js';
import { createMySqlAccountStore } from '../../src/main/core/sync/mysql-account-store.js';
import { registerLearner, signInAgain, storeOf, type Learner } from './learner.js';
import { needsOwnServer, onEachServer, type StoreServer } from './test-server.js';

// How often each fault is tried: what fits into CI; `npm run test:full` sets the full numbers.
const trials = (everyday: number, full: number) => (process.env.BOTCHAT_FULL ? full : everyday);

let folder: string;
const machines: Machine[] = [];
const apps = new Set<ChildProcess>();

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat-faults-'));
});

afterEach(async () => {
  // A test that failed in its middle leaves its app behind, and the whole run would wait for it.
  for (const app of apps) app.kill('SIGKILL');
  apps.clear();
  for (const machine of machines.splice(0)) await machine.close();
  await rm(folder, { recursive: true, force: true });
});

async function machine(learner: Learner, name: string, store = learner.store): Promise<Machine> {
  const made = await Machine.create(folder, name, { store, token: learner.token });
  machines.push(made);
  return made;
}

/** What the server has of the learner: each kind's records, once. */
async function stored(
  server: StoreServer,
  learner: Learner,
): Promise<{ readonly topics: number; readonly prompts: readonly string[] }> {
  const pages = await learner.store.burst(async (calls) => {
    const records = [];
    for (let since = 0; ;) {
      const page = await calls.pull(learner.token, { epoch: null, since, limit: 1000 });
      records.push(...page.records);
      since = page.cursor;
      if (page.records.length === 0 || page.cursor >= page.seq) return records;
    }
  }, new AbortController().signal);
  expect(server.product).toBeDefined();
  return {
    topics: pages.filter(({ kind, deleted }) => kind === 'topic' && deleted === null).length,
    prompts: pages.flatMap(({ kind, fields }) => (kind === 'conversation' ? [fields.prompt as string] : [])).sort(),
  };
}

/** A way to the server that can be cut, stalled, or left half open. */
interface Proxy {
  readonly port: number;
  /** What happens to connections: after so many bytes from the server or to it, they are treated so. */
  fault: { readonly kind: 'cut' | 'stall'; readonly direction: 'up' | 'down'; readonly afterBytes: number } | null;
  readonly injected: number;
  close(): Promise<void>;
}

async function startProxy(target: { readonly host: string; readonly port: number }): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let injected = 0;
  const proxy: { fault: Proxy['fault'] } = { fault: null };
  const server: Server = createServer((near) => {
    const far = connect(target);
    const pass = (from: Socket, to: Socket, direction: 'up' | 'down') => {
      let bytes = 0;
      from.on('data', (data: Buffer) => {
        bytes += data.length;
        const { fault } = proxy;
        if (fault?.direction === direction && bytes > fault.afterBytes) {
          injected += 1;
          proxy.fault = null;
          if (fault.kind === 'cut') {
            near.destroy();
            far.destroy();
          } else {
            // Half open: neither side hears anything of the other any more.
            from.removeAllListeners('data');
            from.pause();
          }
          return;
        }
        to.write(data);
      });
      from.on('close', () => to.destroy());
      from.on('error', () => to.destroy());
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    pass(near, far, 'up');
    pass(far, near, 'down');
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return Object.defineProperties(proxy as Proxy, {
    port: { value: (server.address() as AddressInfo).port },
    injected: { get: () => injected },
    close: {
      value: async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise((closed) => server.close(closed));
      },
    },
  });
}

onEachServer('a machine and its account store', (server) => {
  it('R3: the connection is cut anywhere, or stalls: everything arrives exactly once', async () => {
    const learner = await registerLearner(storeOf(server()));
    const { address } = server();
    const proxy = await startProxy({ host: address.host, port: address.port });
    const store = createMySqlAccountStore({
      address: { ...address, port: proxy.port },
      deadlines: { connectMs: 1000, callMs: 1000 },
    });
    const a = await machine(learner, 'a', store);
    const topic = await a.addTopic('Faults');
    const said: string[] = [];
    const count = trials(24, 250);
    for (let trial = 0; trial < count || (proxy.injected <= count / 3 && trial < 10 * count); trial += 1) {
      const text = `Line ${String(trial)}`;
      said.push(text);
      await a.say(topic.id, text);
      proxy.fault = {
        kind: trial % 6 === 5 ? 'stall' : 'cut',
        direction: trial % 2 === 0 ? 'up' : 'down',
        // From the greeting over TLS and the login to the answers: a lost acknowledgement among them.
        afterBytes: Math.floor(Math.random() * 3000),
      };
      await a.sync.syncNow();
    }
    proxy.fault = null;
    await expect.poll(async () => (await a.sync.syncNow(), a.sync.view.state)).toBe('synced');
    expect(proxy.injected).toBeGreaterThan(count / 3);
    expect(await stored(server(), learner)).toEqual({ topics: 1, prompts: said.sort() });
    await proxy.close();
  });

  it('R3: an acknowledgement that is lost after COMMIT does not double anything', async () => {
    const learner = await registerLearner(storeOf(server()));
    let lost = 0;
    const store = storeOf(server());
    const a = await machine(learner, 'a', {
      burst: (work, signal) =>
        store.burst(
          (calls) =>
            work({
              ...calls,
              push: async (token, operations) => {
                const answer = await calls.push(token, operations);
                if (lost++ % 2 === 0) throw Object.assign(new Error('cut'), { code: 'ECONNRESET' });
                return answer;
              },
            }),
          signal,
        ),
    });
    const topic = await a.addTopic('T');
    const said: string[] = [];
    for (let trial = 0; trial < trials(10, 50); trial += 1) {
      said.push(`Line ${String(trial)}`);
      await a.say(topic.id, `Line ${String(trial)}`);
      await a.sync.syncNow();
      await a.sync.syncNow();
    }
    expect(lost).toBeGreaterThanOrEqual(trials(10, 50));
    expect(await stored(server(), learner)).toEqual({ topics: 1, prompts: said.sort() });
  });

  it('R4: the server kills connections in the middle: retried, nothing lost', async () => {
    const learner = await registerLearner(storeOf(server()));
    let retries = 0;
    const a = await machine(learner, 'a', storeOf(server(), { onRetry: () => (retries += 1) }));
    const topic = await a.addTopic('T');
    const said: string[] = [];
    const { admin } = server();
    let kills = 0;
    /** Kills the calls that the server is working on, once there are any. */
    const killRunning = async () => {
      await expect
        .poll(async () => {
          // MySQL's list fails while a statement with bytes in it runs (3854): the next look will do.
          const [rows] = await admin.query('SHOW PROCESSLIST').catch(() => [[]]);
          const running = (rows as { readonly Id: number; readonly User: string; readonly Command: string }[]).filter(
            ({ User, Command }) =>
              !['root', 'event_scheduler', 'system user'].includes(User) && ['Query', 'Execute'].includes(Command),
          );
          for (const { Id } of running) await admin.query(`KILL ${String(Id)}`);
          return running.length;
        })
        .toBeGreaterThan(0);
      kills += 1;
    };
    for (let trial = 0; trial < trials(15, 100); trial += 1) {
      for (let index = 0; index < 20; index += 1) {
        said.push(`Line ${String(trial)}.${String(index)}`);
        await a.say(topic.id, said.at(-1) ?? '');
      }
      // Whatever is pushed waits for this, so that the kill always meets a call in its middle.
      await admin.query('START TRANSACTION');
      await admin.query('SELECT id FROM account FOR UPDATE');
      const syncing = a.sync.syncNow();
      await killRunning();
      await admin.query('ROLLBACK');
      await syncing;
    }
    await expect.poll(async () => (await a.sync.syncNow(), a.sync.view.state)).toBe('synced');
    expect(kills).toBe(trials(15, 100));
    expect(retries).toBeGreaterThanOrEqual(kills);
    expect(await stored(server(), learner)).toEqual({ topics: 1, prompts: said.sort() });
  });

  it('R4: the server restarts, is killed, and is read-only for a while: usable offline, nothing lost', async ({
    task,
    skip,
  }) => {
    needsOwnServer(server(), task, skip);
    const learner = await registerLearner(storeOf(server()));
    const a = await machine(learner, 'a', storeOf(server()));
    const topic = await a.addTopic('T');
    await a.sync.syncNow();
    const said: string[] = [];
    let offline = 0;
    for (let trial = 0; trial < trials(2, 20); trial += 1) {
      const restarting = server().restart({ kill: trial % 2 === 1 });
      for (let index = 0; index < 5; index += 1) {
        said.push(`Line ${String(trial)}.${String(index)}`);
        await a.say(topic.id, said.at(-1) ?? '');
        await a.sync.syncNow();
        if (a.sync.view.state === 'offline') offline += 1;
      }
      await restarting;
    }
    expect(offline).toBeGreaterThan(0);
    let refused = 0;
    for (let trial = 0; trial < trials(2, 20); trial += 1) {
      await server().admin.query('SET GLOBAL read_only = ON');
      said.push(`Read-only ${String(trial)}`);
      await a.say(topic.id, said.at(-1) ?? '');
      await a.sync.syncNow();
      if (a.sync.view.error?.code === 'account/read-only') refused += 1;
      await server().admin.query('SET GLOBAL read_only = OFF');
    }
    expect(refused).toBeGreaterThan(0);
    await expect.poll(async () => (await a.sync.syncNow(), a.sync.view.state)).toBe('synced');
    expect(await stored(server(), learner)).toEqual({ topics: 1, prompts: said.sort() });
  });

  it('R2: two machines, random operations: the same on both and on the server', async () => {
    for (let seed = 0; seed < trials(2, 20); seed += 1) {
      const learner = await registerLearner(storeOf(server()));
      const other = await signInAgain(learner);
      const [a, b] = [await machine(learner, `a${String(seed)}`), await machine(other, `b${String(seed)}`)];
      for (let index = 0; index < trials(120, 1000); index += 1) {
        const each = Math.random() < 0.5 ? a : b;
        const topics = await each.db.selectFrom('topic').select('id').where('deleted_time', 'is', null).execute();
        const topic = topics[Math.floor(Math.random() * topics.length)];
        const dice = Math.random();
        if (!topic || dice < 0.15) await each.addTopic(`Topic ${String(index)} 话题`);
        else if (dice < 0.55) await each.say(topic.id, `Line ${String(index)} \u{1F600}`);
        else if (dice < 0.8) await each.rename(topic.id, `Name ${String(index)}`);
        else if (dice < 0.84) await each.remove(topic.id);
        else await each.sync.syncNow();
      }
      for (const each of [a, b, a, b]) await each.sync.syncNow();
      expect(await b.dump()).toEqual(await a.dump());
      expect(a.sync.view).toMatchObject({ state: 'synced', pending: 0, refused: 0 });
      const { topics } = await stored(server(), learner);
      expect(topics).toBe((await a.topics()).length);
    }
  });

  it('R1: the app is killed during a turn or a sync: no acknowledged turn is lost or doubled, and it starts again', async () => {
    const host = resolve('out/main/web.js');
    if (!existsSync(host)) throw new Error('build the app first: npm run build');
    const name = `killed-${randomUUID().slice(0, 8)}`;
    let app = await startApp(host);
    await app.ask('account.register', {
      connectionString: server().connectionString,
      name,
      password: 'correct horse',
      invitation: null,
    });
    const topic = await app.ask('topic.create', { sceneId: null, theme: 'Kills' });
    const acknowledged: string[] = [];
    let kills = 0;
    for (let trial = 0; trial < trials(8, 200); trial += 1) {
      setTimeout(() => {
        kills += 1;
        app.process.kill('SIGKILL');
      }, Math.random() * 400);
      // However fast the machine is: until it is killed, and answers no more.
      for (let index = 0; ; index += 1) {
        const text = `Said ${String(trial)}.${String(index)}`;
        const result = await app.request('turn.type', { topicId: topic.id, text });
        if (result === null) break;
        if (result.ok) acknowledged.push(text);
        if (Math.random() < 0.3) void app.request('sync.now', {});
      }
      await app.ended;
      app = await startApp(host);
      await app.ask('app.snapshot', {});
      await app.ask('account.signIn', { connectionString: null, name, password: 'correct horse' });
    }
    expect(kills).toBe(trials(8, 200));
    const prompts = [];
    for (let before: string | null = null; ;) {
      const page: Output<'topic.open'> = await app.ask('topic.open', { topicId: topic.id, beforeTurnId: before });
      prompts.push(...page.turns.map(({ prompt }) => prompt?.text ?? ''));
      if (!page.hasEarlier) break;
      before = page.turns[0]?.id ?? null;
    }
    expect(new Set(prompts).size).toBe(prompts.length);
    for (const text of acknowledged) expect(prompts).toContain(text);
    await expect
      .poll(async () => {
        await app.request('sync.now', {});
        return (await app.ask('app.snapshot', {})).sync;
      })
      .toMatchObject({ state: 'synced', pending: 0 });
    const [rows] = await server().admin.query('SELECT prompt FROM conversation WHERE username = ?', [name]);
    expect((rows as { prompt: string }[]).map(({ prompt }) => prompt).sort()).toEqual([...prompts].sort());
    app.process.kill('SIGTERM');
    await app.ended;
  });
});

/** The built web host as a process of its own, and its contract. */
interface RunningApp {
  readonly process: ChildProcess;
  readonly ended: Promise<unknown>;
  /** Null when the app ended before it answered. */
  request<R extends Route>(route: R, input: Input<R>): Promise<Result<Output<R>> | null>;
  ask<R extends Route>(route: R, input: Input<R>): Promise<Output<R>>;
}

async function startApp(host: string): Promise<RunningApp> {
  const child = spawn(process.execPath, [host, '--user-data', join(folder, 'app')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // No key ring: the session ends with the process, and everybody signs in again.
    env: { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent' },
  });
  apps.add(child);
  const ended = new Promise((exit) => child.once('exit', exit));
  const url = await new Promise<string>((found, failed) => {
    child.stdout.on('data', (text: Buffer) => {
      const address = /http:\/\/\S+/.exec(String(text))?.[0];
      if (address) found(address);
    });
    child.once('exit', () => failed(new Error('the host ended')));
  });
  const { headers } = await fetch(url, { redirect: 'manual' });
  const { host: authority, origin } = new URL(url);
  const cookie = String(headers.get('set-cookie')).split(';')[0] ?? '';
  const socket = new WebSocket(`ws://${authority}/contract`, { headers: { origin, cookie } });
  await new Promise((opened, failed) => socket.once('open', opened).once('error', failed));
  const waiting = new Map<number, (result: Result<unknown> | null) => void>();
  let lastId = 0;
  socket.on('message', (data: Buffer) => {
    const message = decode(data) as { id?: number; result?: Result<unknown> };
    if (message.id !== undefined) waiting.get(message.id)?.(message.result ?? null);
  });
  socket.on('close', () => {
    for (const answer of waiting.values()) answer(null);
  });
  socket.on('error', () => undefined);
  const request = async <R extends Route>(route: R, input: Input<R>): Promise<Result<Output<R>> | null> => {
    if (socket.readyState !== socket.OPEN) return null;
    const id = ++lastId;
    const answer = new Promise<Result<unknown> | null>((answered) => waiting.set(id, answered));
    socket.send(encode({ id, route, input }));
    return (await answer) as Result<Output<R>> | null;
  };
  return {
    process: child,
    ended,
    request,
    async ask(route, input) {
      const result = await request(route, input);
      if (!result?.ok) throw new Error(`${route}: ${result ? result.error.code : 'the app ended'}`);
      return result.value;
    },
  };
}
