import { expect, test } from 'vitest';
import { createMicrophone, meterLevel, microphoneErrorCode } from './microphone.js';

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
  expect(await createMicrophone(undefined).open()).toEqual({ ok: false, error: { code: 'microphone/missing' } });
});

test('a refusal is told as such', async () => {
  const devices = Object.assign(new EventTarget(), {
    getUserMedia: () => Promise.reject(new DOMException('no', 'NotAllowedError')),
  });
  const result = await createMicrophone(devices as unknown as MediaDevices).open();
  expect(result.ok ? null : result.error.code).toBe('microphone/refused');
});
