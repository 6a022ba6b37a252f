/**
 * Every failure the interface can be told about. A code is the whole truth for programs: nobody parses a message.
 * The words for each code, in Chinese and English, are in `renderer/i18n`.
 */
export const errorCodes = [
  'app/internal',
  'app/bad-request',
  'app/disconnected',

  'profile/in-use',
  'profile/unwritable',
  'profile/disk-full',
  'profile/damaged',
  'profile/too-new',

  'topic/not-found',
  'turn/not-found',
  'clip/missing',

  'take/not-found',
  'take/too-short',
  'take/silent',
  'take/interrupted',
  'take/kept',
  'take/echo',

  'microphone/refused',
  'microphone/missing',
  'microphone/busy',
  'microphone/unplugged',
  'microphone/stopped',
  'microphone/no-answer',

  'recogniser/not-installed',
  'recogniser/model-missing',
  'recogniser/model-damaged',
  'recogniser/crashed',
  'recogniser/timeout',
  'recogniser/stopped',
  'recogniser/out-of-memory',
  'recogniser/gpu-failed',
  'recogniser/gpu-memory',
  'recogniser/gpu-library',
  'recogniser/smaller-model',
  'recogniser/nothing-heard',
  'recogniser/failed',

  'voice/not-installed',
  'voice/model-missing',
  'voice/crashed',
  'voice/timeout',
  'voice/stopped',
  'voice/nothing-to-say',
  'voice/failed',
  'voice/gpu-unusable',
  'voice/gpu-slower',

  'models/not-found',
  'models/no-host',
  'models/wrong-file',
  'models/unverified',
  'models/in-progress',
  'models/disk-full',
  'models/unwritable',
  'models/archive-damaged',
  'models/archive-unsafe',
  'models/unknown-file',
  'models/no-pronunciation',
  'models/damaged',
  'models/bad-mirror',
  'models/bad-proxy',
  'models/proxy',

  'chat/not-set-up',
  'chat/unauthorised',
  'chat/model-not-found',
  'chat/rate-limited',
  'chat/server',
  'chat/unreachable',
  'chat/untrusted',
  'chat/timeout',
  'chat/cut-short',
  'chat/bad-response',
  'chat/empty',
  'chat/too-long',
  'chat/interrupted',
  'chat/out-of-money',
  'chat/region',
  'chat/conversation-too-long',
  'chat/wrong-address',
  'chat/bad-key',
  'chat/two-keys',
  'chat/proxy',
  'chat/length-limit',
  'chat/filtered',

  'account/bad-connection-string',
  'account/connection-string-damaged',
  'account/host-unknown',
  'account/unreachable',
  'account/no-tls',
  'account/untrusted',
  'account/wrong-host',
  'account/certificate-expired',
  'account/refused',
  'account/not-a-store',
  'account/store-too-old',
  'account/store-too-new',
  'account/busy',
  'account/server-full',
  'account/sign-in-method',
  'account/read-only',
  'account/store-failed',
  'account/store-unsteady',
  'account/other-account',
  'account/session-ended',
  'account/bad-input',
  'account/wrong-login',
  'account/throttled',
  'account/name-taken',
  'account/bad-name',
  'account/bad-invitation',
  'account/registrations-paused',

  'sync/batch-too-large',
  'sync/malformed',
  'sync/too-large',
  'sync/full',
  'account/not-signed-in',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** An error as it crosses the contract: a code, and for the log or a bug report a detail that holds no secret. */
export interface ErrorView {
  readonly code: ErrorCode;
  readonly detail?: string;
}

/** A failure with a code. Anything else that is thrown is a defect, and reaches the interface as `app/internal`. */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    detail?: string,
    options?: ErrorOptions,
  ) {
    super(detail ?? code, options);
  }
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: ErrorView };
