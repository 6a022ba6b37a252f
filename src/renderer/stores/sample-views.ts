import { defaultSettings } from '../../shared/contract/settings.js';
import type { AccountView, SyncView } from '../../shared/contract/account.js';
import type { Snapshot } from '../../shared/contract/app.js';
import type { TakeView } from '../../shared/contract/take.js';
import type { TopicView } from '../../shared/contract/topic.js';
import type { ResponseView, TurnView } from '../../shared/contract/turn.js';

/** A turn that was answered in full. For tests. */
export function sampleTurn(id: string, response: Partial<ResponseView> = {}, topicId = 'topic'): TurnView {
  return {
    id,
    topicId,
    createdTime: 0,
    prompt: { text: `prompt ${id}`, language: 'en', clip: null, words: null },
    bridge: null,
    response: {
      state: 'complete',
      rung: 'audio',
      helpRung: 'audio',
      blanks: [5, 3],
      text: null,
      clip: { durationMs: 1000, peaks: [] },
      words: null,
      error: null,
      voiceError: null,
      scripted: true,
      waitingFor: null,
      ...response,
    },
  };
}

/** A take that is being recognised. For tests. */
export function sampleTake(id: string, change: Partial<TakeView> = {}): TakeView {
  return { id, topicId: 'topic', createdTime: 0, durationMs: 1000, state: 'recognising', error: null, ...change };
}

/** A topic. For tests. */
export function sampleTopic(id: string, usedTime = 0): TopicView {
  return { id, theme: id, sceneId: null, preview: { kind: 'empty' }, createdTime: 0, usedTime };
}

/** Somebody who is signed in, or nobody. For tests. */
export function sampleAccount(name: string | null, change: Partial<AccountView> = {}): AccountView {
  return {
    account: name === null ? null : { id: `account of ${name}`, name },
    storeHost: name === null ? null : 'store.example',
    sessionKept: name === null ? null : 'keyring',
    localTopics: 0,
    problem: null,
    ...change,
  };
}

/** Sync where there is no account. For tests. */
export function sampleSync(change: Partial<SyncView> = {}): SyncView {
  return { state: 'local', pending: 0, refused: 0, setAside: 0, error: null, syncedTime: null, ...change };
}

/** A snapshot of an app that runs with the demo pair. For tests. */
export function sampleSnapshot(topics: readonly TopicView[]): Snapshot {
  const engine = {
    state: 'ready',
    modelId: 'micro',
    model: 'micro',
    demo: true,
    device: { kind: 'cpu', name: 'CPU' },
    fallback: null,
    error: null,
  } as const;
  return {
    version: '0.0.0',
    host: 'web',
    settings: { ...defaultSettings, interfaceLanguage: 'zh' },
    chatKey: 'none',
    status: {
      recogniser: { ...engine, warmingUp: false },
      voice: { ...engine, realTimeFactor: null },
      partner: { kind: 'scripted' },
      demoPhrases: null,
    },
    account: sampleAccount(null),
    sync: sampleSync(),
    scenes: [],
    topics,
  };
}
