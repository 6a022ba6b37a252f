import { recordingSampleRateHz } from '../../shared/audio-format.js';
import type { ErrorCode, Result } from '../../shared/errors.js';
import workletUrl from './pcm-worklet.ts?worker&url';
import { createPreRoll } from './pre-roll.js';

const preRollSamples = (recordingSampleRateHz * 400) / 1000;
const idleReleaseMs = 60_000;
/** How long the audio thread may take to hand out its last chunk. */
const flushLimitMs = 250;

export interface CaptureListener {
  chunk(pcm: Int16Array): void;
  /** The device went away; what came before it stands. */
  lost(code: ErrorCode): void;
}

export interface Capture {
  /** Ends the capture; the sound until now has been handed out when this resolves. */
  stop(): Promise<void>;
}

/**
 * The microphone. It is opened on demand, kept open between takes so that the next one begins at once and with a
 * pre-roll, and released after a minute without use.
 */
export interface Microphone {
  /** Opens the device where it is not open yet; may wait for the learner's permission. */
  open(): Promise<Result<null>>;
  /** Hands out sound from now on, the pre-roll first. The microphone must be open. One capture at a time. */
  capture(listener: CaptureListener): Capture;
  /** How loud it is now, 0..1 as the ear would say; 0 while closed. */
  level(): number;
  /** The browser's id of the device to use; null for the system's choice. */
  choose(deviceId: string | null): void;
  /** Lets go of the device unless a take is being recorded. */
  release(): void;
}

/** The code for what `getUserMedia` rejected with. */
export function microphoneErrorCode(name: string): ErrorCode {
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'microphone/refused';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'microphone/missing';
  return 'microphone/busy';
}

/** A loudness (root mean square, 0..1) as a meter shows it: -54 dB and less is 0, -6 dB and more is 1. */
export function meterLevel(rms: number): number {
  if (rms <= 0) return 0;
  const decibels = 20 * Math.log10(rms);
  return Math.max(0, Math.min(1, (decibels + 54) / 48));
}

interface OpenDevice {
  readonly stream: MediaStream;
  readonly context: AudioContext;
  readonly analyser: AnalyserNode;
  readonly node: AudioWorkletNode;
  readonly deviceId: string | null;
}

/** The microphone over the browser's media devices. */
export function createMicrophone(devices: MediaDevices | undefined): Microphone {
  const preRoll = createPreRoll(preRollSamples);
  const levelSamples = new Float32Array(512);
  let chosenId: string | null = null;
  let device: OpenDevice | null = null;
  let opening: Promise<Result<null>> | null = null;
  let listener: CaptureListener | null = null;
  let flushed: (() => void) | null = null;
  /** When the level was last asked for: a meter on the screen is a use, too. */
  let lookedMs = 0;
  let idleTimer: ReturnType<typeof setTimeout> | undefined;

  function close(): void {
    clearTimeout(idleTimer);
    if (device === null) return;
    const { stream, context, node } = device;
    device = null;
    preRoll.drain();
    node.port.onmessage = null;
    for (const track of stream.getTracks()) track.stop();
    void context.close();
    flushed?.();
  }

  function releaseWhenIdle(): void {
    clearTimeout(idleTimer);
    idleTimer = setTimeout(() => {
      if (listener !== null) return;
      if (performance.now() - lookedMs < idleReleaseMs) releaseWhenIdle();
      else close();
    }, idleReleaseMs);
  }

  function receive(data: unknown): void {
    if (data === null) flushed?.();
    else if (data instanceof Int16Array) {
      if (listener === null) preRoll.push(data);
      else listener.chunk(data);
    }
  }

  async function connect(): Promise<Result<null>> {
    if (devices === undefined) return { ok: false, error: { code: 'microphone/missing' } };
    const deviceId = chosenId;
    let stream: MediaStream | null = null;
    let context: AudioContext | null = null;
    try {
      const processing = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
      // Only a wish, so that a device that was unplugged gives way to the system's choice.
      const audio = deviceId === null ? processing : { ...processing, deviceId: { ideal: deviceId } };
      stream = await devices.getUserMedia({ audio });
      context = new AudioContext({ sampleRate: recordingSampleRateHz });
      await context.audioWorklet.addModule(workletUrl);
      await context.resume();
      const source = context.createMediaStreamSource(stream);
      const analyser = context.createAnalyser();
      analyser.fftSize = levelSamples.length;
      const node = new AudioWorkletNode(context, 'pcm', { channelCount: 1, channelCountMode: 'explicit' });
      source.connect(analyser);
      source.connect(node);
      // Silent: the worklet writes nothing. A node that leads nowhere would not be run at all.
      node.connect(context.destination);
      node.port.onmessage = (event: MessageEvent<unknown>) => {
        receive(event.data);
      };
      const opened: OpenDevice = { stream, context, analyser, node, deviceId };
      device = opened;
      stream.getAudioTracks()[0]?.addEventListener('ended', () => {
        if (device !== opened) return;
        close();
        listener?.lost('microphone/unplugged');
      });
      releaseWhenIdle();
      return { ok: true, value: null };
    } catch (error) {
      for (const track of stream?.getTracks() ?? []) track.stop();
      void context?.close();
      const name = error instanceof Error ? error.name : '';
      return { ok: false, error: { code: microphoneErrorCode(name), detail: String(error) } };
    }
  }

  devices?.addEventListener('devicechange', () => {
    // A device came or went: the system's choice may be another one now, so the next take opens afresh.
    if (listener === null) close();
  });

  return {
    open: () => {
      if (device !== null && device.deviceId !== chosenId && listener === null) close();
      if (device !== null) return Promise.resolve({ ok: true, value: null });
      opening ??= connect().finally(() => {
        opening = null;
      });
      return opening;
    },
    capture: (next) => {
      clearTimeout(idleTimer);
      listener = next;
      for (const chunk of preRoll.drain()) next.chunk(chunk);
      return {
        stop: async () => {
          if (listener !== next) return;
          if (device !== null) {
            const { node } = device;
            await new Promise<void>((resolve) => {
              flushed = resolve;
              setTimeout(resolve, flushLimitMs);
              node.port.postMessage(null);
            });
            flushed = null;
          }
          listener = null;
          releaseWhenIdle();
        },
      };
    },
    level: () => {
      if (device === null) return 0;
      lookedMs = performance.now();
      device.analyser.getFloatTimeDomainData(levelSamples);
      const energy = levelSamples.reduce((sum, sample) => sum + sample * sample, 0);
      return meterLevel(Math.sqrt(energy / levelSamples.length));
    },
    choose: (deviceId) => {
      chosenId = deviceId;
      if (listener === null && device !== null && device.deviceId !== deviceId) close();
    },
    release: () => {
      if (listener === null) close();
    },
  };
}
