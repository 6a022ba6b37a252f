import { recordingSampleRateHz } from '../../shared/audio-format.js';
import type { ErrorCode, Result } from '../../shared/errors.js';
import workletUrl from './pcm-worklet.ts?worker&url';

export interface DeviceListener {
  chunk(pcm: Int16Array): void;
  /** What was asked for with `flush` has been handed out. */
  flushed(): void;
  /** The system, or a switch on the device, has silenced it, or no longer does. */
  muted(muted: boolean): void;
  /** It was unplugged, or taken away by the system. */
  ended(): void;
}

/** A microphone that is open. Its listener is told nothing after `close`. */
export interface MicrophoneDevice {
  /** Its name; null where the browser tells none. */
  readonly label: string | null;
  /** It is another one than was asked for, which is not there. */
  readonly isStandIn: boolean;
  /** A headset that plays poorly for as long as it is open: most Bluetooth ones. */
  readonly isHeadset: boolean;
  /** Asks for the sound that was gathered and not handed out yet. */
  flush(): void;
  /** How loud it is now, 0..1 as the ear would say. */
  level(): number;
  close(): void;
}

/** Which device, and what else is heard while it is open. */
export interface DeviceWish {
  /** The browser's id; null: the system's choice. Where it is not there, the system's choice is taken, too. */
  readonly deviceId: string | null;
  /** Its name: browsers give the same device another id now and then. */
  readonly label: string | null;
  /** The page plays sound while it listens. */
  readonly overSpeech: boolean;
}

export type OpenDevice = (
  devices: MediaDevices,
  wish: DeviceWish,
  listener: DeviceListener,
) => Promise<Result<MicrophoneDevice>>;

/**
 * What the browser is asked to do to the sound: as little as can be. Noise suppression and gain control take words away:
 * of 24 clips through Chromium's microphone 13 were heard right with them, 22 without, 24 from their files. A quiet voice
 * is brought up before it is recognised (`speech/level.ts`). Echo cancellation takes what the page itself plays out of
 * what the microphone hears: while somebody listens hands-free, the reply would pass for the learner without it.
 */
const processing = (overSpeech: boolean) =>
  ({ channelCount: 1, echoCancellation: overSpeech, noiseSuppression: false, autoGainControl: false }) as const;

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

/** Opens a device through the browser; may wait for the learner's permission. */
export const openMicrophoneDevice: OpenDevice = async (devices, { deviceId, label, overSpeech }, listener) => {
  let stream: MediaStream | null = null;
  let context: AudioContext | null = null;
  try {
    // Only a wish, so that a device that was unplugged gives way to the system's choice.
    const id = deviceId === null ? null : await idByName(devices, deviceId, label);
    const audio = { ...processing(overSpeech), ...(id === null ? {} : { deviceId: { ideal: id } }) };
    stream = await devices.getUserMedia({ audio });
    const [track] = stream.getAudioTracks();
    const all = await devices.enumerateDevices();
    context = contextFor(stream);
    await context.audioWorklet.addModule(workletUrl);
    await context.resume();
    return {
      ok: true,
      value: {
        ...connect(stream, context, listener),
        label: track === undefined || track.label === '' ? null : track.label,
        isStandIn: id !== null && track !== undefined && (track.getSettings().deviceId ?? id) !== id,
        isHeadset: track !== undefined && isHeadset(track, all),
      },
    };
  } catch (error) {
    for (const track of stream?.getTracks() ?? []) track.stop();
    void context?.close();
    const name = error instanceof Error ? error.name : '';
    return { ok: false, error: { code: microphoneErrorCode(name), detail: String(error) } };
  }
};

/** The id that a device has now: the one it had, or where that is gone, that of the device with its name. */
export async function idByName(devices: MediaDevices, deviceId: string, label: string | null): Promise<string> {
  const inputs = (await devices.enumerateDevices()).filter(({ kind }) => kind === 'audioinput');
  if (label === null || inputs.some((input) => input.deviceId === deviceId)) return deviceId;
  return inputs.find((input) => input.label === label)?.deviceId ?? deviceId;
}

/**
 * Whether a microphone and the sound's output are one headset that plays like a telephone while somebody listens to it:
 * Bluetooth's. A laptop's built-in pair is one device, too, and has no such trouble: the name decides.
 */
export function isHeadset(track: MediaStreamTrack, devices: readonly MediaDeviceInfo[]): boolean {
  if (!/bluetooth|hands-?free|airpods|buds|head(?:set|phones?)|耳机/i.test(track.label)) return false;
  const { groupId } = track.getSettings();
  const output = devices.find(({ kind, deviceId }) => kind === 'audiooutput' && deviceId === 'default');
  // Where the browser tells of no outputs (Firefox), the name is all there is.
  return output === undefined || groupId === undefined || output.groupId === groupId;
}

/** At the recording's rate; Firefox connects no microphone of another: there the worklet resamples. */
function contextFor(stream: MediaStream): AudioContext {
  const context = new AudioContext({ sampleRate: recordingSampleRateHz });
  try {
    context.createMediaStreamSource(stream).disconnect();
    return context;
  } catch (error) {
    void context.close();
    if (error instanceof DOMException && error.name === 'NotSupportedError') return new AudioContext();
    throw error;
  }
}

function connect(
  stream: MediaStream,
  context: AudioContext,
  listener: DeviceListener,
): Pick<MicrophoneDevice, 'flush' | 'level' | 'close'> {
  const levelSamples = new Float32Array(512);
  const source = context.createMediaStreamSource(stream);
  const analyser = context.createAnalyser();
  analyser.fftSize = levelSamples.length;
  const node = new AudioWorkletNode(context, 'pcm', { channelCount: 1, channelCountMode: 'explicit' });
  source.connect(analyser);
  source.connect(node);
  // Silent: the worklet writes nothing. A node that leads nowhere would not be run at all.
  node.connect(context.destination);
  node.port.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (data === null) listener.flushed();
    else if (data instanceof Int16Array) listener.chunk(data);
  };

  let open = true;
  const [track] = stream.getAudioTracks();
  track?.addEventListener('ended', () => {
    if (open) listener.ended();
  });
  for (const name of ['mute', 'unmute'] as const) {
    track?.addEventListener(name, () => {
      if (open) listener.muted(name === 'mute');
    });
  }
  if (track?.muted === true) listener.muted(true);
  context.addEventListener('statechange', () => {
    // The system may stop a context at any time: a phone call, a sleep, a change of the output device. Where it
    // refuses to go on, no sound comes, and the microphone notices that.
    if (open && context.state !== 'running') context.resume().catch(() => undefined);
  });

  return {
    flush: () => {
      node.port.postMessage(null);
    },
    level: () => {
      analyser.getFloatTimeDomainData(levelSamples);
      const energy = levelSamples.reduce((sum, sample) => sum + sample * sample, 0);
      return meterLevel(Math.sqrt(energy / levelSamples.length));
    },
    close: () => {
      open = false;
      node.port.onmessage = null;
      for (const each of stream.getTracks()) each.stop();
      void context.close();
    },
  };
}
