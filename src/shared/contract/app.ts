import { z } from 'zod';
import type { ErrorView } from '../errors.js';
import type { ComputeDevice } from '../worker-contract.js';
import { request } from './define.js';
import type { AccountView, SyncView } from './account.js';
import type { ChatKeyState, Settings } from './settings.js';
import type { SceneView, TopicView } from './topic.js';

/** One local engine, as it really is. */
export interface EngineView {
  /** 'stopped': it crashed again and again and is left alone until the learner asks for it. */
  readonly state: 'starting' | 'ready' | 'failed' | 'stopped';
  readonly modelId: string;
  /** The name of the model it runs. */
  readonly model: string;
  /** The small built-in model: it keeps the loop alive until a real one is installed. */
  readonly demo: boolean;
  /** What computes, as the engine itself reports it; null until it is ready. */
  readonly device: ComputeDevice | null;
  /** Why it does not run on the device, or with the model, that it would have preferred; null where it does. */
  readonly fallback: ErrorView | null;
  readonly error: ErrorView | null;
}

export interface RecogniserView extends EngineView {
  /** It answers already, but its first answers may take longer: a GPU is being made ready for each kind of work. */
  readonly warmingUp: boolean;
}

/** Voices that work faster than this (seconds of work for a second of speech) stay ahead of playback by themselves. */
export const streamingRealTimeFactor = 0.8;

export interface VoiceView extends EngineView {
  /** Seconds of work for a second of speech, measured on this machine with this voice; null until it was. */
  readonly realTimeFactor: number | null;
}

/** Who answers: the built-in scripted partner, or a model behind an OpenAI-compatible endpoint. */
export type PartnerView = { readonly kind: 'scripted' } | { readonly kind: 'endpoint'; readonly model: string };

export interface StatusView {
  readonly recogniser: RecogniserView;
  readonly voice: VoiceView;
  readonly partner: PartnerView;
  /** The only phrases the demo recogniser knows; null with a real model. */
  readonly demoPhrases: readonly string[] | null;
}

/** The whole state the interface starts from; events tell every change after it. */
export interface Snapshot {
  readonly version: string;
  readonly host: 'electron' | 'web';
  readonly settings: Settings;
  readonly chatKey: ChatKeyState;
  readonly status: StatusView;
  readonly account: AccountView;
  readonly sync: SyncView;
  readonly scenes: readonly SceneView[];
  /** Last used first. */
  readonly topics: readonly TopicView[];
}

export const appRequests = {
  /** `fresh`: the interface begins anew, and knows of nothing that was being recorded. */
  'app.snapshot': request<Snapshot>()(z.strictObject({ fresh: z.boolean().default(false) })),
  /** Starts an engine again that has failed. */
  'app.restartEngine': request<null>()(z.strictObject({ engine: z.enum(['recogniser', 'voice']) })),
};

export interface AppEvents {
  'app.status': { readonly status: StatusView };
}
