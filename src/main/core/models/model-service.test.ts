import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ModelsView, ModelView } from '../../../shared/contract/models.js';
import { startFileHost, type FileHost, type Misbehaviour } from '../testing/file-host.js';
import { createHarness, type Harness } from '../testing/harness.js';
import { startProxy, type TestProxy, type TestProxyOptions } from '../testing/proxy.js';
import { catalogueEntry, tinyWhisper } from '../testing/model-files.js';
import type { CatalogueEntry } from './catalogue.js';

const content = tinyWhisper({ bytes: 4_000_000 });

let folder: string;
let app: Harness;
let hosts: FileHost[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botchat 用户 '));
  hosts = [];
});
afterEach(async () => {
  await app.close();
  await Promise.all(hosts.map((host) => host.close()));
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** The app with recognisers that can be had, each from a host of its own. */
async function start(
  ids: readonly string[],
  how: Misbehaviour = {},
  addressOf: (url: string) => string = (url) => url,
): Promise<void> {
  const models = await Promise.all(
    ids.map(async (id): Promise<CatalogueEntry> => {
      const host = await startFileHost(content, how);
      hosts.push(host);
      const urls = [{ host: id, url: addressOf(host.url) }];
      return catalogueEntry(content, host.url, { id, name: `The ${id}`, file: `${id}.bin`, urls });
    }),
  );
  const catalogue = { models, find: (id: string) => models.find((entry) => entry.id === id) ?? null };
  app = await createHarness({ folder: join(folder, 'data'), fetch, catalogue });
  app.core.start();
  await app.event('app.status', ({ status }) => status.recogniser.state === 'ready' && status.voice.state === 'ready');
}

const find = (view: ModelsView, id: string): ModelView => {
  const model = view.models.find((each) => each.id === id);
  if (!model) throw new Error(`no ${id}`);
  return model;
};
const model = async (id: string): Promise<ModelView> => find(await app.ask('models.list', {}), id);
const told = (id: string, test: (model: ModelView) => boolean): Promise<ModelsView> =>
  app.event('models.changed', (view) => test(find(view, id)));
const recogniser = async () => (await app.ask('app.snapshot', {})).status.recogniser;

describe('the models', () => {
  it('are the demo’s at first, beside what can be had', async () => {
    await start(['small']);
    const view = await app.ask('models.list', {});
    expect(find(view, 'micro-whisper')).toMatchObject({ state: 'installed', bundled: true, chosen: true });
    expect(find(view, 'small')).toMatchObject({ state: 'absent', chosen: false, download: null, licence: 'MIT' });
    expect((await app.ask('app.snapshot', {})).status.demoPhrases).not.toBeNull();
  });

  it('are downloaded, and used from then on, after a restart, too', async () => {
    await start(['small'], { trickle: { bytes: 262_144, everyMs: 40 } });
    await app.ask('models.install', { id: 'small' });
    await told('small', ({ download }) => download?.state === 'downloading' && download.received > 0);
    await told('small', ({ chosen, state }) => chosen && state === 'installed');
    await app.event('app.status', ({ status }) => status.recogniser.modelId === 'small');
    expect(await recogniser()).toMatchObject({ state: 'ready', model: 'The small', demo: false });
    // The demo is no help any more.
    expect((await app.ask('app.snapshot', {})).status.demoPhrases).toBeNull();
    app = await app.restart();
    app.core.start();
    await app.event('app.status', ({ status }) => status.recogniser.state === 'ready');
    expect((await recogniser()).modelId).toBe('small');
  });

  it('change between two takes: what is being said is heard by the one that heard its beginning', async () => {
    await start(['small']);
    const topic = await app.ask('topic.create', { sceneId: null, theme: 'x' });
    const take = await app.ask('take.start', { topicId: topic.id });
    await app.ask('models.install', { id: 'small' });
    await told('small', ({ chosen }) => chosen);
    // It is loaded beside the other one by now.
    await expect.poll(() => app.engines.starts.whisper).toBe(2);
    expect((await recogniser()).modelId).toBe('micro-whisper');
    const pcm = new Uint8Array(32_000).fill(64);
    await app.ask('take.append', { takeId: take.id, sequence: 0, pcm });
    await app.ask('take.finish', { takeId: take.id });
    await app.event('app.status', ({ status }) => status.recogniser.modelId === 'small');
    await app.event('turn.changed', ({ turn }) => turn.prompt?.text === app.engines.hear);
  });

  it('go back to the demo when the one in use is removed', async () => {
    await start(['small']);
    await app.ask('models.install', { id: 'small' });
    await app.event('app.status', ({ status }) => status.recogniser.modelId === 'small');
    await app.ask('models.remove', { id: 'small' });
    expect((await recogniser()).modelId).toBe('micro-whisper');
    expect(await model('small')).toMatchObject({ state: 'absent', download: null });
    expect(await app.request('models.remove', { id: 'micro-whisper' })).toMatchObject({ ok: false });
  });

  it('that are there can be changed at will', async () => {
    await start(['one', 'two']);
    await app.ask('models.install', { id: 'one' });
    await app.ask('models.install', { id: 'two' });
    // One after the other.
    await app.event('app.status', ({ status }) => status.recogniser.modelId === 'two');
    await app.ask('models.use', { id: 'one' });
    expect((await recogniser()).modelId).toBe('one');
    await app.ask('models.verify', { id: 'two' });
    await app.ask('models.use', { id: 'micro-whisper' });
    expect((await recogniser()).modelId).toBe('micro-whisper');
  });
});

describe('the folder', () => {
  it('is moved with all that is in it; what runs goes on, and the next start finds it', async () => {
    await start(['small']);
    await app.ask('models.install', { id: 'small' });
    await app.event('app.status', ({ status }) => status.recogniser.modelId === 'small');
    const to = join(folder, '另一个 磁盘');
    await app.ask('models.move', { folder: to });
    const view = await app.ask('models.list', {});
    expect(view).toMatchObject({ folder: to, folderError: null, moving: null });
    expect(find(view, 'small')).toMatchObject({ state: 'installed', chosen: true });
    expect(await recogniser()).toMatchObject({ modelId: 'small', state: 'ready' });
    // It was loaded from its new place.
    expect(app.engines.starts.whisper).toBe(3);
    expect(existsSync(join(folder, 'data/models/models/small'))).toBe(false);
    app = await app.restart();
    expect((await app.ask('models.list', {})).folder).toBe(to);
    expect(await model('small')).toMatchObject({ state: 'installed' });
  });

  it('that is gone at the next start is told, and the demo works meanwhile', async () => {
    await start(['small']);
    const to = join(folder, 'stick');
    await app.ask('models.move', { folder: to });
    await rm(to, { recursive: true });
    app = await app.restart();
    expect(await app.ask('models.list', {})).toMatchObject({ folderError: { code: 'models/unwritable' } });
    app.core.start();
    await app.event('app.status', ({ status }) => status.recogniser.state === 'ready' && status.recogniser.demo);
    expect(existsSync(to)).toBe(false);
  });
});

describe('a download', () => {
  const slow = { trickle: { bytes: 65_536, everyMs: 4 } };

  it('is paused, gone on with, paused by the end of the app, and cancelled', async () => {
    await start(['small'], slow);
    await app.ask('models.install', { id: 'small' });
    await told('small', ({ download }) => (download?.received ?? 0) > 1_000_000);
    await app.ask('models.pause', { id: 'small' });
    await expect.poll(async () => (await model('small')).download?.state).toBe('paused');
    const have = (await model('small')).download?.received ?? 0;
    expect(have).toBeGreaterThan(1_000_000);
    app = await app.restart();
    expect((await model('small')).download).toMatchObject({ state: 'paused', received: have, total: content.length });
    await app.ask('models.install', { id: 'small' });
    expect((await model('small')).download?.received).toBeGreaterThanOrEqual(have);
    await app.ask('models.cancel', { id: 'small' });
    expect((await model('small')).download).toBeNull();
  });

  it('that fails says why, and can be asked for again', async () => {
    let isOut = true;
    await start(['small'], { answer: (_, response) => isOut && (response.writeHead(404).end(), true) });
    await app.ask('models.install', { id: 'small' });
    await told('small', ({ download }) => download?.state === 'failed' && download.error?.code === 'models/no-host');
    isOut = false;
    await app.ask('models.install', { id: 'small' });
    await told('small', ({ chosen }) => chosen);
  });

  it('comes from a mirror that was set', async () => {
    await start(['small'], { answer: (_, response) => (response.writeHead(404).end(), true) });
    writeFileSync(join(folder, 'small.bin'), content);
    await app.ask('models.setMirrors', { mirrors: [folder] });
    expect((await app.ask('models.list', {})).mirrors).toEqual([folder]);
    await app.ask('models.install', { id: 'small' });
    await told('small', ({ chosen }) => chosen);
  });
});

describe('a download through a proxy', () => {
  let proxy: TestProxy;
  afterEach(() => proxy.close());

  /** Begins a download from a host that is not nearby. */
  async function install(how: TestProxyOptions): Promise<void> {
    proxy = await startProxy(how);
    await start(['small'], {}, (url) => url.replace('127.0.0.1', 'models.example.com'));
    await app.ask('models.setProxy', { proxy: `http://a:b@127.0.0.1:${String(proxy.port)}` });
    await app.ask('models.install', { id: 'small' });
  }

  it('comes, and the page shows no password', async () => {
    await install({ credentials: 'a:b' });
    await told('small', ({ chosen }) => chosen);
    expect(proxy.asked).not.toEqual([]);
    expect((await app.ask('models.list', {})).proxy).toBe(`http://a@127.0.0.1:${String(proxy.port)}`);
  });

  it('that does not know the password is told as the proxy’s fault, and can be gone on with', async () => {
    await install({ credentials: 'a:other' });
    const view = await told('small', ({ download }) => download?.state === 'failed');
    expect(find(view, 'small').download?.error).toMatchObject({
      code: 'models/proxy',
      detail: expect.stringMatching(/407/) as string,
    });
    await app.ask('models.setProxy', { proxy: `http://a:other@127.0.0.1:${String(proxy.port)}` });
    await app.ask('models.install', { id: 'small' });
    await told('small', ({ chosen }) => chosen);
  });

  it('that answers for a host with 502 is told as the hosts’', async () => {
    await install({ status: 502 });
    await told('small', ({ download }) => download?.error?.code === 'models/no-host');
  });
});

describe('what cannot be done is said', () => {
  it.each([
    ['models.install', { id: 'other' }, 'models/not-found'],
    ['models.use', { id: '../x' }, 'models/not-found'],
    ['models.remove', { id: 'other' }, 'models/not-found'],
    ['models.verify', { id: 'other' }, 'models/not-found'],
    ['models.import', { path: '/nowhere/x.bin' }, 'models/unknown-file'],
    ['models.setMirrors', { mirrors: ['ftp://x'] }, 'models/bad-mirror'],
    ['models.setProxy', { proxy: 'socks5://127.0.0.1:1080' }, 'models/bad-proxy'],
    ['models.move', { folder: 'somewhere' }, 'models/unwritable'],
    ['models.move', { folder: '/dev/null/x' }, 'models/unwritable'],
  ] as const)('%s %j: %s', async (route, input, code) => {
    await start(['small']);
    expect(await app.request(route, input as never)).toMatchObject({ ok: false, error: { code } });
  });

  it('what is taken in is used at once', async () => {
    await start([]);
    const path = join(folder, '我的.bin');
    writeFileSync(path, content);
    const id = await app.ask('models.import', { path });
    expect((await recogniser()).modelId).toBe(id);
    expect(await model(id)).toMatchObject({ name: '我的', chosen: true, licence: null });
  });
});
