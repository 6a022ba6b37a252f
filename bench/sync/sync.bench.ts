import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { always, registerLearner, set, signInAgain, storeOf, type Learner } from '../../e2e/account-store/learner.js';
import { firstRow, serverKinds, type StoreServer } from '../../e2e/account-store/test-server.js';
import { Machine } from '../../src/main/core/testing/machine.js';
import { createMySqlAccountStore } from '../../src/main/core/sync/mysql-account-store.js';
import { drawLogLog, type Series } from '../plot.js';
import { firstOperations, openCopy, seedProfile, watch } from './profiles.js';
import { measureRoundTrip, startDelayProxy, type DelayProxy } from './proxy.js';
import { machine as thisMachine, median, report, seconds, spread, timed } from './report.js';

// What keeping an account in step costs, on real servers of this machine. The client, the server and the proxy share its
// cores. Short on purpose: the medians of few runs, with what they lie between.

const isLarge = Boolean(process.env.BOTCHAT_BENCH_LARGE);
const rowByRowSample = 200;
const rowsOfP16 = 10_000;
const one = (count: number) => count.toLocaleString('en');
const grown: Series[] = [];
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'botchat-bench-sync-'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  const plots = process.env.BOTCHAT_BENCH_PLOTS;
  if (!plots || grown.length === 0) return;
  mkdirSync(plots, { recursive: true });
  const plot = drawLogLog({
    title: 'How sync grows with what there is',
    subtitle: `${thisMachine}; Node ${process.version}; ${new Date().toISOString().slice(0, 10)}; loopback; medians`,
    xLabel: 'conversations',
    yLabel: 'seconds',
    series: grown,
  });
  writeFileSync(join(plots, 'sync-time.svg'), plot);
});

const seeded = new Set<number>();

/** The name of a profile with so many conversations to send. */
async function seed(conversations: number): Promise<string> {
  const name = `seed-${String(conversations)}`;
  if (!seeded.has(conversations)) await seedProfile(folder, name, conversations);
  seeded.add(conversations);
  return name;
}

let copies = 0;
const nextName = () => `copy-${String((copies += 1))}`;

async function close(each: Machine): Promise<void> {
  await each.close();
  rmSync(join(folder, `${each.name}.db`), { force: true });
}

let failedRounds = 0;

/** A run that is made again when the server failed it, which is told: a benchmark should not hide such a thing. */
async function attempt(backend: string, work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await work();
      return;
    } catch (error) {
      failedRounds += 1;
      console.log(`FAILED ROUND ${String(failedRounds)} on ${backend}: ${inspect(error, { depth: 4 })}`);
      if (tries === 4) throw error;
    }
  }
}

/** A round of sync that must succeed; ms. */
async function round(each: Machine, spent?: { readonly failure: unknown }): Promise<number> {
  const ms = await timed(() => each.sync.syncNow());
  if (spent?.failure) throw new Error('a round failed', { cause: spent.failure });
  expect(each.sync.view).toMatchObject({ state: 'synced', error: null, pending: 0, refused: 0 });
  return ms;
}

for (const kind of serverKinds) {
  // A server that is not here is not measured, and says so.
  describe.skipIf(kind.missing !== null)(`sync on ${kind.product}`, () => {
    let server: StoreServer;
    let backend: string;

    beforeAll(async () => {
      server = await kind.start();
      if (kind.product === 'MariaDB') {
        // A MariaDB that starts deletes the temporary tables in its `tmpdir`, also those of another one that runs: error 6
        // in the middle of a push. So this one has a folder of its own.
        const tmpdir = join(folder, 'mariadb-tmp');
        mkdirSync(tmpdir, { recursive: true });
        await server.restart({ options: [`--tmpdir=${tmpdir}`] });
      }
      const { version } = await firstRow(server.admin, 'SELECT VERSION() AS version');
      backend = `${kind.product} ${String(version)}`;
      // The benchmark makes more accounts in a minute than a school does in a year.
      await server.admin.query('UPDATE store SET registrations_per_hour = 100000');
    }, 360_000);

    afterAll(async () => {
      await server.stop();
    });

    const through = (proxy: DelayProxy) =>
      createMySqlAccountStore({ address: { ...server.address, port: proxy.port } });

    it('P16: 10,000 conversations at 20 ms round trip', async () => {
      const roundTrip = await measureRoundTrip(10);
      const from = await seed(rowsOfP16);
      const proxy = await startDelayProxy(server.address.port, 10);
      const store = through(proxy);
      const ours: number[] = [];
      const calls: number[] = [];
      const peer: number[] = [];
      const oneRun = async () => {
        const learner = await registerLearner(store);
        const watched = watch(store);
        const each = await openCopy(folder, from, nextName(), { store: watched.store, token: learner.token });
        // The other arm has no outbox to read and clear: that is left out of its time.
        const operations = await firstOperations(each, rowByRowSample + 1);
        const oursMs = await round(each, watched.spent).finally(() => close(each));
        const other = await registerLearner(store);
        await store.burst(async ({ push }) => {
          // Connecting and preparing are not repeated per row, so they are not scaled up.
          await push(other.token, operations.slice(0, 1));
          const ms = await timed(async () => {
            for (const operation of operations.slice(1)) await push(other.token, [operation]);
          });
          peer.push((ms / rowByRowSample) * rowsOfP16);
        }, always);
        ours.push(oursMs);
        calls.push(watched.spent.pushMs);
      };
      for (let run = 0; run < 3; run += 1) await attempt(backend, oneRun);
      proxy.close();
      const ratio = median(peer) / median(ours);
      report({
        id: 'P16',
        metric: `push ${one(rowsOfP16)} conversations, ${roundTrip.toFixed(1)} ms measured round trip`,
        ours: `${spread(ours, seconds)}, of it ${seconds(median(calls))} in calls`,
        peer: `row by row ${spread(peer, seconds)}, scaled from ${String(rowByRowSample)} rows`,
        ratio,
        target: '≥ 50×',
        met: ratio >= 50,
        runs: '3 interleaved, medians',
        backend,
      });
    });

    it('first pull and growth', async () => {
      const sizes = [
        1000,
        3000,
        10_000,
        ...(kind.product === 'MariaDB' ? [30_000, ...(isLarge ? [100_000] : [])] : []),
      ];
      const points = { push: [] as [number, number][], pull: [] as [number, number][], raw: [] as [number, number][] };
      for (const size of sizes) {
        const runs = size <= 10_000 ? 3 : 1;
        const from = await seed(size);
        const [push, pull, raw, merge, pushRest] = [[], [], [], [], []] as [
          number[],
          number[],
          number[],
          number[],
          number[],
        ];
        const oneRun = async () => {
          const learner = await registerLearner(storeOf(server));
          const sending = watch(learner.store);
          const a = await openCopy(folder, from, nextName(), { store: sending.store, token: learner.token });
          const pushMs = await round(a, sending.spent).finally(() => close(a));
          const fetching = watch(learner.store);
          const { token } = await signInAgain(learner);
          const b = await Machine.create(folder, nextName(), { store: fetching.store, token });
          const pullMs = await round(b, fetching.spent);
          const { count } = await b.db
            .selectFrom('conversation')
            .select(({ fn }) => fn.countAll<number>().as('count'))
            .executeTakeFirstOrThrow();
          expect(count).toBe(size);
          await close(b);
          raw.push(await rawSelect(learner, size));
          push.push(pushMs);
          pushRest.push(pushMs - sending.spent.pushMs - sending.spent.pullMs);
          pull.push(pullMs);
          merge.push(pullMs - fetching.spent.pullMs);
        };
        for (let run = 0; run < runs; run += 1) await attempt(backend, oneRun);
        points.push.push([size, median(push) / 1000]);
        points.pull.push([size, median(pull) / 1000]);
        points.raw.push([size, median(raw) / 1000]);
        const howOften = runs === 1 ? '1 run' : `${String(runs)} interleaved, medians`;
        report({
          id: 'E',
          metric: `push ${one(size)} conversations, loopback`,
          ours: `${spread(push, seconds)}, of it ${seconds(median(pushRest))} outside of calls`,
          runs: howOften,
          backend,
        });
        report({
          id: size === sizes.at(-1) ? 'B' : 'E',
          metric: `first pull of ${one(size)} conversations, loopback`,
          ours: `${spread(pull, seconds)}, of it ${seconds(median(merge))} merging into SQLite`,
          peer: `raw SELECT ${spread(raw, seconds)}`,
          ratio: median(pull) / median(raw),
          runs: howOften,
          backend,
        });
      }
      const isDashed = kind.product === 'MySQL';
      grown.push(
        { name: `push, ${kind.product}`, color: '#0969da', isDashed, points: points.push },
        { name: `first pull, ${kind.product}`, color: '#bc4c00', isDashed, points: points.pull },
        { name: `raw SELECT, ${kind.product}`, color: '#57606a', isDashed, points: points.raw },
      );
    });

    /** The same rows and columns, in one SELECT over one TLS connection, into JavaScript objects; kept nowhere. */
    async function rawSelect(learner: Learner, size: number): Promise<number> {
      return await timed(async () => {
        const [rows] = await server.admin.query<RowDataPacket[]>(
          'SELECT kind, id, seq, parent_kind, parent_id, fields, clock, clocks, deleted FROM record WHERE account_id = ? ORDER BY seq',
          [learner.accountId],
        );
        expect(rows).toHaveLength(size + 1);
      });
    }

    it('an idle poll', async () => {
      const polls = 20;
      const samples: number[][] = [];
      let traffic = '';
      for (const delayMs of [0, 10]) {
        const proxy = await startDelayProxy(server.address.port, delayMs);
        const learner = await registerLearner(through(proxy));
        const each = await Machine.create(folder, nextName(), { store: learner.store, token: learner.token });
        await each.addTopic('Idle');
        await round(each);
        const before = await proxy.traffic();
        const times: number[] = [];
        for (let poll = 0; poll < polls; poll += 1) times.push(await round(each));
        const after = await proxy.traffic();
        const per = (name: 'connections' | 'up' | 'down') => (after[name] - before[name]) / polls;
        traffic = `${per('up').toFixed(0)} B up, ${per('down').toFixed(0)} B down, ${per('connections').toFixed(1)} connections`;
        samples.push(times);
        await close(each);
        proxy.close();
      }
      const [near = [], far = []] = samples;
      const ms = (sample: number) => `${sample.toFixed(1)} ms`;
      report({
        id: 'C',
        metric: 'one poll that finds nothing',
        ours: `${spread(near, ms)} on loopback, ${spread(far, ms)} at 20 ms round trip; ${traffic}`,
        runs: `${String(polls)} each, medians`,
        backend,
      });
    });

    it('calls per second', async () => {
      const store = storeOf(server);
      const lasting = 1000;
      /** Pushes of one operation each, one after the other over one open connection, until time is up. */
      const pushing = async (learner: Learner) => {
        let calls = 0;
        await store.burst(async ({ push }) => {
          await push(learner.token, [set(learner, { theme: 'First' })]);
          const end = performance.now() + lasting;
          while (performance.now() < end) {
            await push(learner.token, [set(learner, { theme: `Theme ${String(calls)}` })]);
            calls += 1;
          }
        }, always);
        return calls / (lasting / 1000);
      };
      const all = async (learners: readonly Learner[]) =>
        (await Promise.all(learners.map(pushing))).reduce((sum, each) => sum + each, 0);
      const accounts: Learner[] = [];
      for (let index = 0; index < 8; index += 1) accounts.push(await registerLearner(store));
      const [first] = accounts;
      if (!first) throw new Error('no account');
      const arms = [
        { name: 'one account, one connection', learners: [first], samples: [] as number[] },
        { name: 'one account, 8 connections', learners: accounts.map(() => first), samples: [] as number[] },
        { name: '8 accounts, a connection each', learners: accounts, samples: [] as number[] },
      ];
      for (let run = 0; run < 3; run += 1) for (const arm of arms) arm.samples.push(await all(arm.learners));
      for (const { name, samples } of arms) {
        report({
          id: 'D',
          metric: `pushes of one change per second, ${name}`,
          ours: spread(samples, (sample) => `${sample.toFixed(0)}/s`),
          runs: '3 interleaved of 1 s, medians',
          backend,
        });
      }
    });
  });
}
