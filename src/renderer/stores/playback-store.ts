import { createStore } from 'zustand/vanilla';
import { samplesToMs } from '../../shared/audio-format.js';
import type { TurnPart } from '../../shared/contract/turn.js';
import type { Result } from '../../shared/errors.js';
import type { Player, PlayerListener, Sound, SpeechPiece } from '../audio/player.js';
import type { Client } from '../client.js';
import type { Notices } from './notices-store.js';
import { loudnessOf, type LiveClip } from './live-clip.js';
import { createSpeechInbox } from './speech-inbox.js';

export interface PlaybackState {
  readonly sound: Sound | null;
  /** Turns whose reply has been asked for in this run and whose speech may go on. */
  readonly expected: ReadonlySet<string>;
  /** The reply that is being spoken, as far as it has come: it has no clip of its own yet. */
  readonly live: LiveClip | null;
  /** The clip that is being fetched. */
  readonly fetching: string | null;
}

/** Names a clip among all that can be played. */
export function clipKey(id: string, part: TurnPart | 'take'): string {
  return `${id}/${part}`;
}

/**
 * What can be heard. `isOpen` tells whether a turn belongs to the open topic: speech of others is kept for a moment
 * (the page of a new topic may come after the first words spoken in it) and then dropped.
 */
export function createPlaybackStore(
  client: Client,
  notices: Notices,
  createPlayer: (listener: PlayerListener) => Player,
  isOpen: (turnId: string) => boolean,
) {
  const store = createStore<PlaybackState>(() => ({ sound: null, expected: new Set(), live: null, fetching: null }));
  const inbox = createSpeechInbox(() => performance.now());
  /** Counts what was asked to be played, so that a clip that comes late stays silent. */
  let request = 0;

  const player = createPlayer({
    sound: (sound) => {
      store.setState({ sound });
    },
    played: (key) => {
      // A reply that was cut short has been heard whole now: what is answered next may build on all of it.
      const [turnId = '', part] = key.split('/');
      if (part === 'response') void client.request('turn.heard', { turnId });
    },
    spoken: (turnId) => {
      if (store.getState().live?.turnId === turnId) void client.request('turn.heard', { turnId });
    },
  });

  function expect(turnId: string, more: boolean): void {
    const { expected } = store.getState();
    if (expected.has(turnId) === more) return;
    const next = new Set(expected);
    if (more) next.add(turnId);
    else next.delete(turnId);
    store.setState({ expected: next });
  }

  function speak(piece: SpeechPiece): void {
    if (piece.sequence === 0) {
      request += 1;
      store.setState({ live: null, fetching: null });
    }
    player.speak(piece);
    if (piece.part !== 'response' || player.speaking()?.turnId !== piece.turnId) return;
    const before = store.getState().live;
    const same = before?.turnId === piece.turnId ? before : { turnId: piece.turnId, durationMs: 0, loudness: [] };
    store.setState({
      live: {
        turnId: piece.turnId,
        durationMs: same.durationMs + samplesToMs(piece.pcm.byteLength / 2, piece.sampleRateHz),
        loudness: [...same.loudness, ...loudnessOf(piece.pcm, piece.sampleRateHz)],
      },
    });
  }

  client.on('turn.speech', (piece) => {
    if (isOpen(piece.turnId)) speak(piece);
    else inbox.add(piece);
  });
  client.on('turn.speechEnd', ({ turnId }) => {
    expect(turnId, false);
    if (inbox.has(turnId)) inbox.end(turnId);
    else player.endSpeech(turnId);
  });
  client.on('turn.changed', ({ turn }) => {
    const { state } = turn.response;
    if (state === 'pending' || state === 'streaming') expect(turn.id, true);
    else if (state !== 'complete') expect(turn.id, false);
  });

  async function playWav(key: string, rate: number, read: Promise<WavResult>): Promise<void> {
    request += 1;
    const mine = request;
    player.stop();
    store.setState({ fetching: key });
    const result = await read;
    if (mine !== request) return;
    store.setState({ fetching: null });
    if (!result.ok) {
      notices.error(result.error);
      return;
    }
    const played = await player.playClip(key, result.value.wav, rate);
    if (!played) notices.error({ code: 'clip/missing' });
  }

  return {
    store,
    playPart(turnId: string, part: TurnPart, rate: number): Promise<void> {
      return playWav(clipKey(turnId, part), rate, client.request('turn.read', { turnId, part }));
    },
    playTake(takeId: string): Promise<void> {
      return playWav(clipKey(takeId, 'take'), 1, client.request('take.read', { takeId }));
    },
    pause: player.pauseClip,
    resume: player.resumeClip,
    position: player.position,
    unlock: player.unlock,
    /** Silence. Answers whose speech was cut, and how much of its reply had been heard. */
    stop(): { readonly turnId: string; readonly heardMs: number } | null {
      request += 1;
      const speaking = player.speaking();
      player.stop();
      store.setState({ fetching: null });
      if (speaking !== null) expect(speaking.turnId, false);
      return speaking;
    },
    /** Plays what came for turns of a topic before it was known to be open. */
    releaseInbox(): void {
      for (const { pieces, ended } of inbox.take(isOpen)) {
        for (const piece of pieces) speak(piece);
        const turnId = pieces[0]?.turnId;
        if (ended && turnId !== undefined) player.endSpeech(turnId);
      }
    },
    /** After a cut nothing more will come of what was expected. */
    forgetExpected(): void {
      store.setState({ expected: new Set() });
    },
  };
}

type WavResult = Result<{ readonly wav: Uint8Array }>;

export type Playback = ReturnType<typeof createPlaybackStore>;
