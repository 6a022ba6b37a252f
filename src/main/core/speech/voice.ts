import type { EngineView } from '../../../shared/contract/app.js';
import type { SherpaMethods } from '../../../shared/worker-contract.js';
import type { Log, WorkerProcess } from '../ports.js';
import { createEngine } from './engine.js';

export interface Sound {
  readonly samples: Int16Array;
  readonly sampleRateHz: number;
}

/** Says English aloud. */
export interface Voice {
  readonly view: EngineView;
  warmUp(): Promise<void>;
  /** Rejects with `voice/nothing-to-say` for text without a speakable word, else with another `voice/…` code. */
  synthesise(text: string, signal?: AbortSignal): Promise<Sound>;
  dispose(): void;
}

export interface VoiceOptions {
  readonly model: {
    readonly name: string;
    readonly demo: boolean;
    readonly files: { readonly model: string; readonly tokens: string; readonly lexicon: string };
  };
  readonly log: Log;
  spawn(): WorkerProcess;
  onChange(): void;
}

export function createVoice({ model, log, spawn, onChange }: VoiceOptions): Voice {
  const engine = createEngine<SherpaMethods>({
    model,
    log,
    spawn,
    onChange,
    codes: { crashed: 'voice/crashed', timeout: 'voice/timeout', failed: 'voice/failed' },
    load: (worker) => worker.call('load', { ...model.files, threads: 1 }, { deadlineMs: 60_000 }),
  });

  return {
    get view() {
      return engine.view;
    },
    warmUp: () => engine.warmUp(),
    synthesise: (text, signal) => engine.call('synthesise', { text }, { signal, deadlineMs: 30_000 }),
    dispose: () => {
      engine.dispose();
    },
  };
}
