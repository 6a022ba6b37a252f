import { useStore } from 'zustand';
import type { TurnPart } from '../../../shared/contract/turn.js';
import { useViewModel } from '../../view-model.js';
import { clipKey } from '../../stores/playback-store.js';
import { useFrames } from '../../ui/use-frames.js';

export type ClipState = 'idle' | 'fetching' | 'playing' | 'paused' | 'speaking';

export interface ClipPlayback {
  /** 'speaking': it is heard for the first time, as it is made; it can be stopped but not paused. */
  readonly state: ClipState;
  /** 0 while idle. */
  readonly positionMs: number;
}

/** Fine enough for the bars of a short clip, coarse enough not to draw for nothing. */
const stepMs = 50;

/** Whether one clip is being played. */
export function useClipState(id: string, part: TurnPart | 'take'): ClipState {
  const key = clipKey(id, part);
  return useStore(useViewModel().playback.store, ({ sound, fetching }): ClipState => {
    if (fetching === key) return 'fetching';
    if (sound?.kind === 'clip' && sound.key === key) return sound.paused ? 'paused' : 'playing';
    return sound?.kind === 'speech' && sound.turnId === id && sound.part === part ? 'speaking' : 'idle';
  });
}

/** Whether and where one clip is being played. */
export function useClip(id: string, part: TurnPart | 'take'): ClipPlayback {
  const { playback } = useViewModel();
  const state = useClipState(id, part);
  const active = state === 'playing' || state === 'speaking';
  const positionMs = useFrames(active, () => Math.floor(playback.position().positionMs / stepMs) * stepMs);
  return { state, positionMs: active || state === 'paused' ? positionMs : 0 };
}
