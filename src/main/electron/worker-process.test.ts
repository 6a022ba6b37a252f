import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { forkWorker } from './worker-process.js';

/**
 * Electron's UtilityProcess at its unkindest (shell/browser/api/electron_api_utility_process.cc): no `pid` before
 * `spawn`, a `kill` that does nothing until then, and no word of a launch that fails.
 */
class FakeChild extends EventEmitter {
  pid: number | undefined;
  kills = 0;

  launch(pid: number): void {
    this.pid = pid;
    this.emit('spawn');
  }
  end(exitCode: number): void {
    this.pid = undefined;
    this.emit('exit', exitCode);
  }
  kill(): boolean {
    this.kills += 1;
    return this.pid !== undefined;
  }
  postMessage(): void {
    // Nobody listens.
  }
}

const fork = vi.hoisted(() => vi.fn());
vi.mock('electron', () => ({ utilityProcess: { fork } }));

/** More than any system has. */
const pid = 2 ** 22 + 7;
const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
let child: FakeChild;
let signals: unknown[];
let exits: (number | null)[];

function start() {
  const worker = forkWorker('whisper', '/app', log);
  worker.onExit((code) => exits.push(code));
  return worker;
}

beforeEach(() => {
  vi.useFakeTimers();
  child = new FakeChild();
  fork.mockReturnValue(child);
  signals = [];
  exits = [];
  vi.spyOn(process, 'kill').mockImplementation((...args) => {
    signals.push(args);
    return true;
  });
});
afterEach(() => {
  child.end(0);
  vi.restoreAllMocks();
  vi.useRealTimers();
});

it('kills a process that is there, asked or not', async () => {
  const worker = start();
  child.launch(pid);
  expect(worker.pid).toBe(pid);
  worker.kill();
  expect(signals).toStrictEqual([[pid, 'SIGKILL']]);
  child.end(0);
  await vi.advanceTimersByTimeAsync(0);
  expect(exits).toStrictEqual([0]);
});

it('has one that is killed before its launch end at once, and kills it when it comes', async () => {
  const worker = start();
  worker.kill();
  await vi.advanceTimersByTimeAsync(0);
  expect(exits).toStrictEqual([-1]);
  child.launch(pid);
  expect(signals).toStrictEqual([[pid, 'SIGKILL']]);
  child.end(0);
  await vi.advanceTimersByTimeAsync(0);
  expect(exits).toStrictEqual([-1]);
});

it('gives up one that is never launched', async () => {
  start();
  await vi.advanceTimersByTimeAsync(29_999);
  expect(exits).toStrictEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(exits).toStrictEqual([-1]);
  expect(log.error).toHaveBeenCalledWith('a worker was not launched', { name: 'whisper' });
});

it('waits no longer for the launch of one that is there, or has ended', async () => {
  start();
  child.launch(pid);
  await vi.advanceTimersByTimeAsync(60_000);
  expect({ exits, signals }).toStrictEqual({ exits: [], signals: [] });
});

it('survives the event that Electron sends before V8 ends the process', async () => {
  start();
  child.launch(pid);
  child.emit('error', 'FatalError', 'heap', 'report');
  child.end(133);
  await vi.advanceTimersByTimeAsync(0);
  expect(exits).toStrictEqual([133]);
});
