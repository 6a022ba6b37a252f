import { mkdtempSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openFileLog } from './file-log.js';
import { noDisks, setUpDisk } from './testing/small-disk.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'botchat 日志 '));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const file = () => join(folder, 'botchat.log');
const lines = () =>
  readFileSync(file(), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the log', () => {
  it('says what happened, a line each, and no secret', () => {
    const log = openFileLog(folder);
    log.info('started', { device: 'cpu', chat: { apiKey: 'sk-canary' } });
    log.error('broke', { error: new TypeError('no such thing') });
    expect(lines()).toMatchObject([
      { level: 30, msg: 'started', device: 'cpu', chat: { apiKey: '[redacted]' } },
      { level: 50, msg: 'broke', error: { name: 'TypeError', message: 'no such thing' } },
    ]);
  });

  it.each([
    ['a number of any size', { value: 10n }],
    [
      'a circle',
      Object.assign(
        {},
        {
          get self(): unknown {
            return this;
          },
        },
      ),
    ],
    [
      'something that throws when it is looked at',
      {
        get value() {
          throw new Error('no');
        },
      },
    ],
    ['an error without a prototype', { error: Object.create(null) as unknown }],
    [
      'a value that has no text',
      {
        error: {
          toString: () => {
            throw new Error('no');
          },
        },
      },
    ],
    ['a symbol', { value: Symbol('x') }],
  ])('never throws for %s, and says that it was asked', (_what, data) => {
    const log = openFileLog(folder);
    for (const level of ['info', 'warn', 'error'] as const) {
      expect(() => {
        log[level]('asked', data);
      }).not.toThrow();
    }
    expect(lines()).toHaveLength(3);
    expect(lines().every(({ msg }) => msg === 'asked')).toBe(true);
  });

  it.skipIf(process.platform === 'win32')('never throws on a full disk', async () => {
    symlinkSync('/dev/full', file());
    const log = openFileLog(folder);
    for (let count = 0; count < 100; count += 1) log.error('no room', { count });
    // An event that nobody hears would end the process by now.
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('goes on when there is room again, and tells how much it lost', ({ task, skip }) => {
    if (noDisks !== null) {
      Object.assign(task.meta, { skipReason: noDisks });
      skip(noDisks);
    }
    const disk = join(folder, 'disk');
    const takeAway = setUpDisk(disk, 64 * 1024);
    try {
      const log = openFileLog(join(disk, 'logs'));
      writeFileSync(join(disk, 'filler'), Buffer.alloc(60 * 1024 - 4096));
      for (let count = 0; count < 200; count += 1) log.info('a line of some length', { count, text: 'x'.repeat(100) });
      truncateSync(join(disk, 'filler'), 0);
      log.info('after');
      const written = readFileSync(join(disk, 'logs/botchat.log'), 'utf8').trim().split('\n');
      const last = written.slice(-2).map((line) => JSON.parse(line) as Record<string, unknown>);
      expect(last[1]).toMatchObject({ msg: 'after' });
      const whole = written.filter((line) => line.includes('a line of some length') && line.endsWith('}')).length;
      expect(whole).toBeGreaterThan(0);
      expect(last[0]).toMatchObject({ msg: 'lines could not be written', lost: 200 - whole });
    } finally {
      takeAway();
    }
  });

  it('keeps one older file once it has grown, and goes on with it where it cannot be set aside', () => {
    writeFileSync(file(), 'x'.repeat(6 * 1024 * 1024));
    openFileLog(folder).info('new');
    expect(lines()).toMatchObject([{ msg: 'new' }]);
    rmSync(`${file()}.1`);
    mkdirSync(join(`${file()}.1`, 'in the way'), { recursive: true });
    writeFileSync(file(), `${'x'.repeat(6 * 1024 * 1024)}\n`);
    openFileLog(folder).info('goes on');
    expect(
      readFileSync(file(), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([{ msg: 'old log could not be set aside' }, { msg: 'goes on' }]);
  });
});
