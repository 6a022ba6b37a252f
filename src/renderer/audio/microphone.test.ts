import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Result } from '../../shared/errors.js';
import {
  idByName,
  isHeadset,
  meterLevel,
  microphoneErrorCode,
  type DeviceListener,
  type MicrophoneDevice,
} from './microphone-device.js';
import { createMicrophone } from './microphone.js';

test('what the browser refuses with has a code of ours', () => {
  expect(microphoneErrorCode('NotAllowedError')).toBe('microphone/refused');
  expect(microphoneErrorCode('NotFoundError')).toBe('microphone/missing');
  expect(microphoneErrorCode('OverconstrainedError')).toBe('microphone/missing');
  expect(microphoneErrorCode('NotReadableError')).toBe('microphone/busy');
  expect(microphoneErrorCode('AbortError')).toBe('microphone/busy');
});

test('the meter follows the ear, not the voltage', () => {
  expect(meterLevel(0)).toBe(0);
  expect(meterLevel(0.0001)).toBe(0);
  expect(meterLevel(1)).toBe(1);
  expect(meterLevel(0.1)).toBeCloseTo((54 - 20) / 48);
});

test('a page without media devices has no microphone', async () => {
  expect(await createMicrophone(undefined).open(false)).toEqual({ ok: false, error: { code: 'microphone/missing' } });
});

test('a refusal is told as such', async () => {
  const devices = Object.assign(new EventTarget(), {
    getUserMedia: () => Promise.reject(new DOMException('no', 'NotAllowedError')),
  });
  const result = await createMicrophone(devices as unknown as MediaDevices).open(false);
  expect(result.ok ? null : result.error.code).toBe('microphone/refused');
});

/** A microphone over devices that do as the test says. */
function start() {
  const devices = new EventTarget();
  const opened: {
    readonly deviceId: string | null;
    readonly overSpeech: boolean;
    readonly listener: DeviceListener;
    closed: boolean;
  }[] = [];
  /** What the audio thread still holds when it is asked for it. */
  let held = Int16Array.of();
  let answer: Promise<unknown> = Promise.resolve();
  let kind: Partial<MicrophoneDevice> = {};
  const microphone = createMicrophone(
    devices as unknown as MediaDevices,
    async (_, { deviceId, overSpeech }, listener) => {
      await answer;
      const mine = { deviceId, overSpeech, listener, closed: false };
      opened.push(mine);
      const device: MicrophoneDevice = {
        label: 'A microphone',
        isStandIn: false,
        isHeadset: false,
        ...kind,
        flush: () => {
          if (held.length > 0) listener.chunk(held);
          listener.flushed();
        },
        level: () => 0.5,
        close: () => {
          mine.closed = true;
        },
      };
      return { ok: true, value: device } satisfies Result<MicrophoneDevice>;
    },
  );
  const heard: number[] = [];
  const told: string[] = [];
  return {
    microphone,
    opened,
    heard,
    told,
    holds: (...samples: readonly number[]) => (held = Int16Array.from(samples)),
    is: (what: Partial<MicrophoneDevice>) => (kind = what),
    answersAfter: (promise: Promise<unknown>): void => {
      answer = promise;
    },
    says: (...samples: readonly number[]) => opened.at(-1)?.listener.chunk(Int16Array.from(samples)),
    changes: () => devices.dispatchEvent(new Event('devicechange')),
    async listen() {
      expect(await microphone.open(false)).toEqual({ ok: true, value: { standIn: null } });
      return microphone.capture({
        chunk: (pcm) => heard.push(...pcm),
        muted: (muted) => told.push(muted ? 'muted' : 'unmuted'),
        lost: (code) => told.push(code),
      });
    },
  };
}

describe('a microphone', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('begins with what was said just before, and ends with the last sound that was gathered', async () => {
    const { microphone, listen, says, holds, heard, opened } = start();
    await microphone.open(false);
    says(1);
    const capture = await listen();
    says(2);
    holds(3);
    await capture.stop();
    says(4);
    expect(heard).toEqual([1, 2, 3]);
    expect(opened).toHaveLength(1);
    await (await listen()).stop();
    expect(heard).toEqual([1, 2, 3, 4, 3]);
  });

  test('is released after a minute without use', async () => {
    const { listen, opened } = start();
    const capture = await listen();
    await capture.stop();
    vi.advanceTimersByTime(59_000);
    expect(opened[0]?.closed).toBe(false);
    vi.advanceTimersByTime(2_000);
    expect(opened[0]?.closed).toBe(true);
  });

  test('that is unplugged in the middle of a take says so, and its last sound still counts', async () => {
    const { listen, says, holds, heard, told, opened } = start();
    const capture = await listen();
    says(1);
    holds(2);
    opened[0]?.listener.ended();
    expect(told).toEqual(['microphone/unplugged']);
    await capture.stop();
    expect(heard).toEqual([1, 2]);
    expect(opened[0]?.closed).toBe(true);
    await listen();
    expect(opened).toHaveLength(2);
  });

  test('that is unplugged while nobody listens is opened again for the next take', async () => {
    const { microphone, listen, opened } = start();
    await microphone.open(false);
    opened[0]?.listener.ended();
    expect(opened[0]?.closed).toBe(true);
    await listen();
    expect(opened).toHaveLength(2);
  });

  test('another one that comes ends no take; the next take opens it', async () => {
    const { microphone, listen, says, heard, told, opened, changes } = start();
    const capture = await listen();
    says(1);
    changes();
    says(2);
    expect(opened[0]?.closed).toBe(false);
    await capture.stop();
    expect([heard, told]).toEqual([[1, 2], []]);
    await listen();
    expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
    expect(microphone.level()).toBe(0.5);
  });

  test('says which one listens in the place of the chosen one, for as long as it does', async () => {
    const { microphone, is, changes } = start();
    expect(await microphone.open(false)).toEqual({ ok: true, value: { standIn: null } });
    microphone.choose('usb', 'Gone');
    is({ isStandIn: true, label: 'Built-in' });
    expect(await microphone.open(false)).toEqual({ ok: true, value: { standIn: 'Built-in' } });
    expect(await microphone.open(false)).toEqual({ ok: true, value: { standIn: 'Built-in' } });
    // It is back.
    changes();
    is({});
    expect(await microphone.open(false)).toEqual({ ok: true, value: { standIn: null } });
  });

  test('that is a headset is let go of with the take: it plays like a telephone until then', async () => {
    const { listen, is, opened } = start();
    is({ isHeadset: true });
    await (await listen()).stop();
    expect(opened.map(({ closed }) => closed)).toEqual([true]);
    is({});
    await (await listen()).stop();
    expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
  });

  test('is let go of with each take where that is wanted', async () => {
    const { microphone, listen, opened } = start();
    microphone.releaseAfterTakes(true);
    await (await listen()).stop();
    expect(opened.map(({ closed }) => closed)).toEqual([true]);
    microphone.releaseAfterTakes(false);
    await (await listen()).stop();
    expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
  });

  test('another one that comes while nobody listens is opened for the next take', async () => {
    const { microphone, listen, opened, changes } = start();
    await microphone.open(false);
    changes();
    await listen();
    expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
  });

  test('another one that is chosen in the middle of a take is used from the next take on', async () => {
    const { microphone, listen, says, heard, opened } = start();
    const capture = await listen();
    microphone.choose('headset', 'A headset');
    says(1);
    await capture.stop();
    await listen();
    expect(opened.map(({ deviceId, closed }) => [deviceId, closed])).toEqual([
      [null, true],
      ['headset', false],
    ]);
    expect(heard).toEqual([1]);
  });

  test('that the system silences says so, at the beginning of a take too, and says when it is heard again', async () => {
    const { microphone, listen, told, opened } = start();
    await microphone.open(false);
    opened[0]?.listener.muted(true);
    const capture = await listen();
    expect(told).toEqual(['muted']);
    opened[0]?.listener.muted(false);
    expect(told).toEqual(['muted', 'unmuted']);
    await capture.stop();
    opened[0]?.listener.muted(true);
    expect(told).toHaveLength(2);
  });

  test('from which no sound comes any more is given up after some seconds, and opened again for the next take', async () => {
    const { listen, says, told, heard, opened } = start();
    const capture = await listen();
    for (let second = 0; second < 30; second += 1) {
      says(second);
      vi.advanceTimersByTime(1_000);
    }
    expect([heard.length, told]).toEqual([30, []]);
    vi.advanceTimersByTime(5_000);
    expect(told).toEqual(['microphone/stopped']);
    await capture.stop();
    await listen();
    expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
  });

  test('that the system does not open in ten seconds says so, and what it opens later is used', async () => {
    const { microphone, opened, listen, answersAfter } = start();
    const allowed = Promise.withResolvers<unknown>();
    answersAfter(allowed.promise);
    const first = microphone.open(false);
    await vi.advanceTimersByTimeAsync(9_900);
    const second = microphone.open(false);
    await vi.advanceTimersByTimeAsync(200);
    expect(await first).toEqual({ ok: false, error: { code: 'microphone/no-answer' } });
    allowed.resolve(null);
    expect(await second).toEqual({ ok: true, value: { standIn: null } });
    await listen();
    // One question to the system, however often it was asked for.
    expect(opened).toHaveLength(1);
  });

  test('is released at once where that is asked for, but not while a take is recorded', async () => {
    const { microphone, listen, opened } = start();
    const capture = await listen();
    microphone.release();
    expect(opened[0]?.closed).toBe(false);
    await capture.stop();
    microphone.release();
    expect(opened[0]?.closed).toBe(true);
    expect(microphone.level()).toBe(0);
  });
});

test('it is opened anew where it is to listen beside the reply, and takes its echo out only then', async () => {
  const { microphone, opened } = start();
  await microphone.open(false);
  await microphone.open(false);
  expect(opened.map(({ overSpeech, closed }) => [overSpeech, closed])).toEqual([[false, false]]);
  await microphone.open(true);
  expect(opened.map(({ overSpeech, closed }) => [overSpeech, closed])).toEqual([
    [false, true],
    [true, false],
  ]);
});

describe('which device', () => {
  const info = (kind: MediaDeviceKind, deviceId: string, label: string, groupId = 'g') =>
    ({ kind, deviceId, label, groupId }) as MediaDeviceInfo;

  test('is found by its name where its id has changed, and left to the browser where it is gone', async () => {
    const devices = {
      enumerateDevices: () =>
        Promise.resolve([
          info('audioinput', 'a', 'Built-in'),
          info('audioinput', 'new', 'USB'),
          info('audiooutput', 'b', 'Gone'),
        ]),
    } as unknown as MediaDevices;
    expect(await idByName(devices, 'a', 'USB')).toBe('a');
    expect(await idByName(devices, 'old', 'USB')).toBe('new');
    expect(await idByName(devices, 'old', 'Gone')).toBe('old');
    expect(await idByName(devices, 'old', null)).toBe('old');
  });

  test('is a headset that the sound comes from, too', () => {
    const track = (label: string, groupId?: string) =>
      ({ label, getSettings: () => ({ groupId }) }) as MediaStreamTrack;
    const output = [info('audiooutput', 'default', 'Default', 'h')];
    expect(isHeadset(track('Headset (WH-1000XM4 Hands-Free AG Audio) (Bluetooth)', 'h'), output)).toBe(true);
    expect(isHeadset(track('AirPods Pro', 'h'), output)).toBe(true);
    // The sound comes from elsewhere.
    expect(isHeadset(track('AirPods Pro', 'other'), output)).toBe(false);
    // Built-in microphone and loudspeakers are one device as well.
    expect(isHeadset(track('Built-in Audio Analog Stereo', 'h'), output)).toBe(false);
    // A browser that tells of no outputs.
    expect(isHeadset(track('耳机 (小米 Buds)'), [])).toBe(true);
  });
});
