import { recordingSampleRateHz } from '../../shared/audio-format.js';
import type { ErrorCode, Result } from '../../shared/errors.js';
import { openMicrophoneDevice, type DeviceWish, type MicrophoneDevice, type OpenDevice } from './microphone-device.js';
import { createPreRoll } from './pre-roll.js';

const preRollSamples = (recordingSampleRateHz * 400) / 1000;
const idleReleaseMs = 60_000;
/** How long the audio thread may take to hand out its last chunk. */
const flushLimitMs = 250;
/** How long the system may take to open a device before the learner is told to look for what it waits for. */
const openLimitMs = 10_000;
/** How often it is looked whether sound still comes, and how often in a row none may have. */
const watchMs = 1_000;
const silentWatches = 3;

export interface CaptureListener {
  chunk(pcm: Int16Array): void;
  /** The system, or a switch on the device, has silenced it, or no longer does. */
  muted(muted: boolean): void;
  /** No more sound will come; what came before stands. */
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
  /**
   * Opens the device where it is not open yet; may wait for the learner's permission. After ten seconds it answers
   * `microphone/no-answer`, and what is still being asked then counts for the next call. `overSpeech`: the page plays
   * sound while it listens.
   */
  open(overSpeech: boolean): Promise<Result<OpenMicrophone>>;
  /** Hands out sound from now on, the pre-roll first. The microphone must be open. One capture at a time. */
  capture(listener: CaptureListener): Capture;
  /** How loud it is now, 0..1 as the ear would say; 0 while closed. */
  level(): number;
  /** The browser's id of the device to use, and its name; null for the system's choice. */
  choose(deviceId: string | null, label: string | null): void;
  /** Whether it is let go of with each take, and not only where it is a headset. */
  releaseAfterTakes(always: boolean): void;
  /** Lets go of the device unless a take is being recorded. */
  release(): void;
}

/** Which device listens. */
export interface OpenMicrophone {
  /** The name of the one that listens because the chosen one is not there; null where all is as it was chosen. */
  readonly standIn: string | null;
}

type Opened = MicrophoneDevice & { readonly wish: DeviceWish };

/** The microphone over the browser's media devices. */
export function createMicrophone(
  devices: MediaDevices | undefined,
  openDevice: OpenDevice = openMicrophoneDevice,
): Microphone {
  const preRoll = createPreRoll(preRollSamples);
  let chosenId: string | null = null;
  let chosenLabel: string | null = null;
  let releasesAlways = false;
  let device: Opened | null = null;
  let opening: Promise<Result<OpenMicrophone>> | null = null;
  let listener: CaptureListener | null = null;
  let flushed: (() => void) | null = null;
  let muted = false;
  /** The open device is gone, or no longer the one to use: the next take opens afresh. */
  let outdated = false;
  /** When the level was last asked for: a meter on the screen is a use, too. */
  let lookedMs = 0;
  let idleTimer: ReturnType<typeof setTimeout> | undefined;
  let watchTimer: ReturnType<typeof setInterval> | undefined;
  /** How many times in a row it was looked, and no sound had come. */
  let missed = 0;

  function close(): void {
    clearTimeout(idleTimer);
    const closing = device;
    device = null;
    muted = false;
    outdated = false;
    preRoll.drain();
    closing?.close();
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

  /** The device stays open until whoever listens has stopped: the last sound is still to be handed out. */
  function lose(code: ErrorCode): void {
    clearInterval(watchTimer);
    outdated = true;
    if (listener === null) close();
    else listener.lost(code);
  }

  const opened = ({ isStandIn, label }: Opened): Result<OpenMicrophone> => ({
    ok: true,
    value: { standIn: isStandIn ? (label ?? '') : null },
  });

  async function connect(overSpeech: boolean): Promise<Result<OpenMicrophone>> {
    if (devices === undefined) return { ok: false, error: { code: 'microphone/missing' } };
    const wish = { deviceId: chosenId, label: chosenLabel, overSpeech };
    const answer = await openDevice(devices, wish, {
      chunk: (pcm) => {
        missed = 0;
        if (listener === null) preRoll.push(pcm);
        else listener.chunk(pcm);
      },
      flushed: () => flushed?.(),
      muted: (now) => {
        muted = now;
        listener?.muted(now);
      },
      ended: () => {
        lose('microphone/unplugged');
      },
    });
    if (!answer.ok) return answer;
    device = { ...answer.value, wish };
    releaseWhenIdle();
    return opened(device);
  }

  devices?.addEventListener('devicechange', () => {
    // A device came or went: the system's choice may be another one now. A take goes on with the one it has.
    if (listener === null) close();
    else outdated = true;
  });

  return {
    open: (overSpeech) => {
      const unwanted = outdated || device?.wish.deviceId !== chosenId || device.wish.overSpeech !== overSpeech;
      if (device !== null && unwanted && listener === null) close();
      if (device !== null) return Promise.resolve(opened(device));
      opening ??= connect(overSpeech).finally(() => {
        opening = null;
      });
      return inTime(opening);
    },
    capture: (next) => {
      clearTimeout(idleTimer);
      listener = next;
      missed = 0;
      // Not by one timer for each chunk: where the page itself was busy for long, one look makes up for all.
      watchTimer = setInterval(() => {
        missed += 1;
        if (missed > silentWatches) lose('microphone/stopped');
      }, watchMs);
      if (muted) next.muted(true);
      for (const chunk of preRoll.drain()) next.chunk(chunk);
      return {
        stop: async () => {
          if (listener !== next) return;
          clearInterval(watchTimer);
          if (device !== null) {
            const { flush } = device;
            await new Promise<void>((resolve) => {
              flushed = resolve;
              setTimeout(resolve, flushLimitMs);
              flush();
            });
            flushed = null;
          }
          listener = null;
          // A Bluetooth headset plays like a telephone until its microphone is let go.
          if (outdated || releasesAlways || device?.isHeadset) close();
          else releaseWhenIdle();
        },
      };
    },
    level: () => {
      if (device === null) return 0;
      lookedMs = performance.now();
      return device.level();
    },
    choose: (deviceId, label) => {
      chosenId = deviceId;
      chosenLabel = label;
      if (listener === null && device !== null && device.wish.deviceId !== deviceId) close();
    },
    releaseAfterTakes: (always) => {
      releasesAlways = always;
    },
    release: () => {
      if (listener === null) close();
    },
  };
}

/** What is asked of the system, answered in time. */
function inTime(opening: Promise<Result<OpenMicrophone>>): Promise<Result<OpenMicrophone>> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      resolve({ ok: false, error: { code: 'microphone/no-answer' } });
    }, openLimitMs);
    void opening.then((result) => {
      clearTimeout(timer);
      resolve(result);
    });
  });
}
