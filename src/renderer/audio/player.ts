import { bytesToPcm, pcmToFloat } from '../../shared/audio-format.js';
import type { Events } from '../../shared/contract/contract.js';
import type { TurnPart } from '../../shared/contract/turn.js';
import { nextStartTime, partAt, playedMs, receivedMs, type Segment } from './speech-schedule.js';

export type SpeechPiece = Events['turn.speech'];

/** What can be heard now: a turn's speech as it comes, or a clip that was asked for. */
export type Sound =
  | { readonly kind: 'speech'; readonly turnId: string; readonly part: TurnPart }
  | { readonly kind: 'clip'; readonly key: string; readonly rate: number; readonly paused: boolean };

/** Plays one sound at a time; what begins ends what was there. */
export interface Player {
  /** Puts a piece behind those of the same turn, without a gap; a piece of another turn takes over. */
  speak(piece: SpeechPiece): void;
  /** No more pieces of that turn will come. */
  endSpeech(turnId: string): void;
  /** Plays a WAV file; slower rates keep the pitch. Resolves to false where it cannot be played. */
  playClip(key: string, wav: Uint8Array, rate: number): Promise<boolean>;
  pauseClip(): void;
  resumeClip(): void;
  /** Silence, within one quantum of the audio thread. */
  stop(): void;
  /** The turn whose speech is (or is about to be) heard, and how much of its reply was heard. */
  speaking(): { readonly turnId: string; readonly heardMs: number } | null;
  /** Where the present sound is, and how long it is so far. */
  position(): { readonly positionMs: number; readonly durationMs: number };
  /** Lets sound out after the learner's first gesture, before which browsers keep silence. */
  unlock(): void;
}

export interface PlayerListener {
  sound(sound: Sound | null): void;
  /** A turn's speech was played to its end. */
  spoken(turnId: string): void;
  /** A clip was played to its end. */
  played(key: string): void;
}

interface Piece {
  readonly part: TurnPart;
  readonly samples: Float32Array<ArrayBuffer>;
  readonly sampleRateHz: number;
}

interface Speech {
  readonly turnId: string;
  /** What came, and where each piece of it lies on the audio clock. */
  readonly pieces: Piece[];
  readonly segments: Segment[];
  readonly sources: Set<AudioBufferSourceNode>;
  nextSequence: number;
  ended: boolean;
}

const noPosition = { positionMs: 0, durationMs: 0 };

/**
 * The player over one audio context, made at the first sound and kept running. Where the system takes it away (the sound
 * device went, the audio service crashed), another is made and the reply goes on from where it was heard.
 */
export function createPlayer(
  createContext: () => AudioContext,
  createElement: () => HTMLAudioElement,
  listener: PlayerListener,
): Player {
  let graph: {
    readonly context: AudioContext;
    readonly element: HTMLAudioElement;
    readonly clipGain: GainNode;
  } | null = null;
  let speechGain: GainNode | null = null;
  let speech: Speech | null = null;
  let clip: { readonly key: string; readonly rate: number; readonly url: string; paused: boolean } | null = null;
  let told: Sound | null = null;

  function open() {
    if (graph === null) {
      const context = createContext();
      const element = createElement();
      const clipGain = context.createGain();
      context.createMediaElementSource(element).connect(clipGain);
      clipGain.connect(context.destination);
      element.addEventListener('ended', () => {
        if (clip === null || graph?.element !== element) return;
        const { key } = clip;
        stop();
        listener.played(key);
      });
      const lost = () => {
        if (graph?.context === context) revive(graph);
      };
      context.addEventListener('statechange', () => {
        if (context.state === 'closed') lost();
        else if (context.state !== 'running' && told !== null) context.resume().catch(() => undefined);
      });
      // Chromium tells a lost device so, and the context stays as it is.
      context.addEventListener('error', lost);
      graph = { context, element, clipGain };
    }
    if (graph.context.state !== 'running') graph.context.resume().catch(() => undefined);
    return graph;
  }

  /** Goes on over another context: with the speech that was not heard yet; a clip has to be asked for again. */
  function revive(dead: NonNullable<typeof graph>): void {
    const now = heardTime(dead.context);
    const interrupted = speech;
    if (interrupted !== null) for (const source of interrupted.sources) source.onended = null;
    graph = null;
    speechGain = null;
    speech = null;
    if (clip !== null) URL.revokeObjectURL(clip.url);
    clip = null;
    void dead.context.close().catch(() => undefined);
    if (interrupted !== null) {
      const again: Speech = { ...interrupted, segments: [], sources: new Set() };
      speech = again;
      for (const [index, piece] of interrupted.pieces.entries()) {
        const segment = interrupted.segments[index];
        schedule(again, piece, Math.max(0, now - (segment?.startTime ?? now)));
      }
      if (again.ended && again.sources.size === 0) finish(again);
    }
    tell();
  }

  /** Puts a piece behind the others, from a place in it on; what was heard of it stays counted as heard. */
  function schedule(of: Speech, { part, samples, sampleRateHz }: Piece, heardSeconds: number): void {
    const { context } = open();
    const durationSeconds = samples.length / sampleRateHz;
    if (heardSeconds >= durationSeconds) {
      of.segments.push({ part, startTime: context.currentTime - durationSeconds, durationSeconds });
      return;
    }
    if (speechGain === null) {
      speechGain = context.createGain();
      speechGain.connect(context.destination);
    }
    const buffer = context.createBuffer(1, samples.length, sampleRateHz);
    buffer.copyToChannel(samples, 0);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(speechGain);
    const startTime = nextStartTime(of.segments, context.currentTime);
    source.onended = () => {
      pieceEnded(of, source);
    };
    source.start(startTime, heardSeconds);
    of.sources.add(source);
    of.segments.push({ part, startTime: startTime - heardSeconds, durationSeconds });
  }

  /** The audio clock as the ear has it: what was rendered is heard only after the device's own delay. */
  function heardTime(context: AudioContext): number {
    return context.currentTime - (context.outputLatency || 0);
  }

  function tell(): void {
    let next: Sound | null = null;
    if (clip !== null) next = { kind: 'clip', key: clip.key, rate: clip.rate, paused: clip.paused };
    else if (speech !== null && graph !== null) {
      const part = partAt(speech.segments, graph.context.currentTime);
      if (part !== null) next = { kind: 'speech', turnId: speech.turnId, part };
    }
    if (JSON.stringify(next) === JSON.stringify(told)) return;
    told = next;
    listener.sound(next);
  }

  function silence(): void {
    if (speech !== null) {
      for (const source of speech.sources) {
        source.onended = null;
        source.stop();
      }
      speechGain?.disconnect();
      speechGain = null;
      speech = null;
    }
    if (clip !== null && graph !== null) {
      graph.clipGain.disconnect();
      graph.element.pause();
      graph.element.removeAttribute('src');
      URL.revokeObjectURL(clip.url);
      clip = null;
    }
  }

  function stop(): void {
    silence();
    tell();
  }

  function pieceEnded(of: Speech, source: AudioBufferSourceNode): void {
    of.sources.delete(source);
    if (speech === of && of.ended && of.sources.size === 0) finish(of);
    else tell();
  }

  function finish(of: Speech): void {
    speech = null;
    speechGain?.disconnect();
    speechGain = null;
    tell();
    listener.spoken(of.turnId);
  }

  return {
    speak: (piece) => {
      if (speech?.turnId !== piece.turnId) {
        // A turn whose beginning was missed, or that was silenced, does not start in its middle.
        if (piece.sequence !== 0) return;
        silence();
        speech = { turnId: piece.turnId, pieces: [], segments: [], sources: new Set(), nextSequence: 0, ended: false };
      }
      if (piece.sequence !== speech.nextSequence) return;
      speech.nextSequence += 1;
      const samples = pcmToFloat(bytesToPcm(piece.pcm));
      if (samples.length === 0) return;
      const kept: Piece = {
        part: piece.part,
        samples: samples as Float32Array<ArrayBuffer>,
        sampleRateHz: piece.sampleRateHz,
      };
      speech.pieces.push(kept);
      schedule(speech, kept, 0);
      tell();
    },
    endSpeech: (turnId) => {
      if (speech?.turnId !== turnId) return;
      speech.ended = true;
      if (speech.sources.size === 0) finish(speech);
    },
    playClip: async (key, wav, rate) => {
      silence();
      const { element, clipGain, context } = open();
      const url = URL.createObjectURL(new Blob([wav.slice()], { type: 'audio/wav' }));
      const mine = { key, rate, url, paused: false };
      clip = mine;
      clipGain.connect(context.destination);
      element.src = url;
      element.preservesPitch = true;
      element.defaultPlaybackRate = rate;
      element.playbackRate = rate;
      tell();
      try {
        await element.play();
        return true;
      } catch {
        // Stopped before it began is no failure; a file that cannot be decoded is.
        if (clip !== mine) return true;
        stop();
        return false;
      }
    },
    pauseClip: () => {
      if (clip === null || graph === null) return;
      graph.element.pause();
      clip.paused = true;
      tell();
    },
    resumeClip: () => {
      if (clip === null) return;
      const { element } = open();
      clip.paused = false;
      tell();
      void element.play().catch(stop);
    },
    stop,
    speaking: () =>
      speech === null || graph === null
        ? null
        : { turnId: speech.turnId, heardMs: playedMs(speech.segments, 'response', heardTime(graph.context)) },
    position: () => {
      if (graph === null) return noPosition;
      if (clip !== null) {
        const { currentTime, duration } = graph.element;
        return { positionMs: currentTime * 1000, durationMs: Number.isFinite(duration) ? duration * 1000 : 0 };
      }
      if (speech === null) return noPosition;
      const part = partAt(speech.segments, graph.context.currentTime) ?? 'response';
      return {
        positionMs: playedMs(speech.segments, part, heardTime(graph.context)),
        durationMs: receivedMs(speech.segments, part),
      };
    },
    unlock: () => {
      if (graph !== null && graph.context.state !== 'running') graph.context.resume().catch(() => undefined);
    },
  };
}
