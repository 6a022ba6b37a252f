import { z } from 'zod';
import type { ErrorView } from '../errors.js';
import { request } from './define.js';

export const textScalesPercent = [100, 125, 150, 200] as const;

/**
 * Hold the button (or Space) while speaking; press once to start and once to send; or just speak, and a pause sends.
 */
export const talkModes = ['hold', 'toggle', 'hands-free'] as const;
export type TalkMode = (typeof talkModes)[number];

/** What the recogniser listens for. */
export const spokenLanguages = ['auto', 'zh', 'en'] as const;
export type SpokenLanguage = (typeof spokenLanguages)[number];

/** In characters. */
export const longestModelName = 200;
export const longestChatKey = 500;

export const settingsSchema = z.strictObject({
  interfaceLanguage: z.enum(['system', 'zh', 'en']),
  theme: z.enum(['system', 'light', 'dark']),
  textScalePercent: z.literal(textScalesPercent),
  talkMode: z.enum(talkModes),
  spokenLanguage: z.enum(spokenLanguages),
  /** What the recogniser computes on: the best device that works, or the CPU alone. */
  computeDevice: z.enum(['auto', 'cpu']),
  /** The browser's id of the microphone; null for the system's choice. */
  microphoneId: z.string().max(200).nullable(),
  /** Its name: browsers give the same device another id now and then. */
  microphoneLabel: z.string().max(500).nullable(),
  /** Let go of after each take: always, or where it is a headset that plays poorly until then. */
  microphoneRelease: z.enum(['auto', 'always']),
  /** An OpenAI-compatible endpoint, e.g. `https://api.example.com/v1`. */
  chatBaseUrl: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]),
  chatModel: z.string().trim().max(longestModelName),
});

export type Settings = z.infer<typeof settingsSchema>;

/** What a new learner begins with. */
export const defaultSettings: Settings = {
  interfaceLanguage: 'system',
  theme: 'system',
  textScalePercent: 100,
  talkMode: 'hold',
  spokenLanguage: 'auto',
  computeDevice: 'auto',
  microphoneId: null,
  microphoneLabel: null,
  microphoneRelease: 'auto',
  chatBaseUrl: '',
  chatModel: '',
};

/** Where the chat key is kept: nowhere, in the system's key ring, or in memory until the app closes. */
export type ChatKeyState = 'none' | 'keyring' | 'session';

const keySchema = z.string().trim().min(1).max(longestChatKey);

/**
 * What came of a chat test. `latencyMs`: until the first word. `streams`: whether the reply came in more than one piece,
 * so that it is heard while it is still being written.
 */
export type ChatTest = { readonly latencyMs: number; readonly streams: boolean } | { readonly error: ErrorView };

export const settingsRequests = {
  'settings.update': request<Settings>()(settingsSchema.partial()),
  /** Stores the chat key, or with null forgets it. Answers where it is kept. */
  'settings.setChatKey': request<ChatKeyState>()(z.strictObject({ key: keySchema.nullable() })),
  /** Has the chat endpoint answer a short question, with the settings as they are. */
  'settings.testChat': request<ChatTest>()(z.strictObject({})),
  /**
   * The names of the models that an endpoint says it has; none where it says nothing. The address and key need not be
   * saved: without a key, the stored one is sent if the address is the stored one.
   */
  'settings.chatModels': request<readonly string[]>()(
    z.strictObject({ baseUrl: z.string().max(2000), key: keySchema.nullable() }),
  ),
};

export interface SettingsEvents {
  'settings.changed': { readonly settings: Settings; readonly chatKey: ChatKeyState };
}
