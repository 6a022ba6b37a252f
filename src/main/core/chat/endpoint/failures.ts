import { AppError, type ErrorCode } from '../../../../shared/errors.js';

/** What an endpoint answered instead of a reply. `payload`: its JSON; null where it is none. */
export interface Refusal {
  /** 200 where the failure came inside an answer that began well. */
  readonly status: number;
  readonly payload: unknown;
}

/**
 * How providers say what is wrong, in the order in which they are asked: codes, types and messages of OpenAI, DeepSeek,
 * DashScope, Zhipu, Moonshot, MiniMax, SiliconFlow, OpenRouter, Ollama, LM Studio, llama-server, vLLM and one-api, as
 * their documentation and bug reports have them.
 */
const wordings: readonly (readonly [ErrorCode, RegExp])[] = [
  [
    'chat/region',
    /unsupported_country|(country|region|territory|location)[^.]{0,40}(not (supported|available)|is not allowed)|not (available|supported) in your (country|region|location)|地区.{0,6}(不支持|不可用)/,
  ],
  [
    'chat/out-of-money',
    /insufficient[ _-]?(balance|quota|funds?|credits?|user quota)|(balance|credits?|quota)[^.]{0,30}(insufficient|not enough|exhausted|used up|run out|depleted)|exceeded your current quota|out of credits|requires more credits|arrear|overdue|payment required|billing|recharge|余额|欠费|额度(不足|已用)|充值/,
  ],
  [
    'chat/conversation-too-long',
    /context[ _-]?(length|size|window)|maximum context|exceed_context|(prompt|input|messages?)[^.]{0,30}too (long|large)|too many (input )?tokens|(input|prompt) (length|tokens?)[^.]{0,40}(exceed|range|limit|maximum)|range of input length|reduce the length|上下文|(输入|内容).{0,6}(超长|过长)|tokens?.{0,10}超/,
  ],
];
const statusWordings: readonly (readonly [ErrorCode, RegExp])[] = [
  [
    'chat/unauthorised',
    /invalid[ _-]?(api[ _-]?key|token|authentication)|incorrect api[ _-]?key|api[ _-]?key[^.]{0,40}(invalid|expired|missing|incorrect|not (valid|found|provided))|unauthori[sz]ed|authenticat|permission|forbidden|login fail|access denied|(密钥|令牌|鉴权|认证|身份)/,
  ],
  [
    'chat/model-not-found',
    /model[^.]{0,60}(not exist|not found|does ?n.t exist|unknown|not supported|not available|not loaded|no such|invalid)|(no such|unknown|invalid|unsupported)[ _-]?model|model_not_found|no endpoints found|no models? loaded|模型.{0,10}(不存在|未找到|无效|不支持)/,
  ],
  ['chat/rate-limited', /rate[ _-]?limit|too many requests|throttl|concurrency|qps|rpm|tpm|限流|频率|并发|请求过多/],
  [
    'chat/wrong-address',
    /unexpected endpoint|unknown (url|path|endpoint)|invalid (url|path)|no route|cannot post|method not allowed|page not found|path .*not found|not found: \/|^\W*not found\W*$|接口不存在/,
  ],
  ['chat/filtered', /content[ _-]?(filter|policy|risk)|moderation|inappropriate|data_inspection|敏感|安全审核|违规/],
  ['chat/server', /overload|server[ _-]?(busy|error)|internal|unavailable|try again later|繁忙|过载|稍后/],
];

/** What an endpoint's refusal means to the learner. Nothing of its words is kept: they may repeat the key. */
export function refusalError({ status, payload }: Refusal): AppError {
  return new AppError(refusalCode(status, payload), `HTTP ${String(status)}`);
}

function refusalCode(status: number, payload: unknown): ErrorCode {
  const said = wordsOf(payload).toLowerCase();
  const named = status === 200 ? numbered(payload) : null;
  const plain = wordings.find(([, wording]) => wording.test(said));
  if (plain) return plain[0];
  const code = named ?? status;
  if (code === 401) return 'chat/unauthorised';
  if (code === 402) return 'chat/out-of-money';
  if (code === 407) return 'chat/proxy';
  if (code === 408) return 'chat/timeout';
  if (code === 413) return 'chat/conversation-too-long';
  if (code === 429) return 'chat/rate-limited';
  if (code === 451) return 'chat/region';
  // What stands between: the endpoint itself answers in JSON.
  if ((code === 502 || code === 503 || code === 504) && (payload === null || typeof payload === 'string'))
    return 'chat/proxy';
  if (code >= 500) return 'chat/server';
  const told = statusWordings.find(([, wording]) => wording.test(said));
  if (code === 404 || code === 405) {
    return payload === null || told?.[0] === 'chat/wrong-address' ? 'chat/wrong-address' : 'chat/model-not-found';
  }
  if (told) return told[0];
  if (code === 403) return 'chat/unauthorised';
  // A login page, a portal or another service: whatever it is, it is no chat endpoint.
  return payload === null ? 'chat/wrong-address' : 'chat/bad-response';
}

/** A status that stands inside an answer: `error.code` of 429, say. */
function numbered(payload: unknown): number | null {
  const { error } = (payload ?? {}) as { readonly error?: unknown };
  const code =
    (error as { readonly code?: unknown } | null | undefined)?.code ?? (payload as { code?: unknown } | null)?.code;
  const status = Number(code);
  return Number.isInteger(status) && status >= 400 && status < 600 ? status : null;
}

/** Everything a payload says in words, codes among them. */
function wordsOf(payload: unknown, depth = 0): string {
  if (typeof payload === 'string') return payload.slice(0, 2000);
  if (typeof payload === 'number') return '';
  if (typeof payload !== 'object' || payload === null || depth > 4) return '';
  return Object.values(payload)
    .slice(0, 20)
    .map((value) => wordsOf(value, depth + 1))
    .join(' ');
}

/** Whether a chunk or a body is a failure: an error that says something, or a provider's own code in place of choices. */
export function isRefusal(payload: object): boolean {
  const { error, base_resp, choices, code, message } = payload as Readonly<Record<string, unknown>>;
  if (typeof error === 'string') return error !== '';
  if (typeof error === 'object' && error !== null && Object.keys(error).length > 0) return true;
  const status = (base_resp as { readonly status_code?: unknown } | null | undefined)?.status_code;
  if (typeof status === 'number' && status !== 0) return true;
  return choices === undefined && code !== undefined && code !== null && typeof message === 'string';
}

/**
 * What a failure of the network means, before or in the middle of an answer; null where it is no failure of the network.
 * Electron's has no code, only Chromium's name in its message.
 */
export function networkError(error: unknown, isAnswering: boolean): AppError | null {
  for (let each = error; each instanceof Error; each = each.cause) {
    const { code } = each as { readonly code?: unknown };
    const chromium = /net::(ERR_[A-Z0-9_]+)/.exec(each.message)?.[1];
    const name = chromium ?? (typeof code === 'string' ? code : null);
    if (name !== null) return new AppError(networkCode(name, isAnswering), name);
  }
  return null;
}

function networkCode(name: string, isAnswering: boolean): ErrorCode {
  if (/PROXY|TUNNEL/.test(name)) return 'chat/proxy';
  if (/CERT|SELF_SIGNED|UNABLE_TO|SSL|TLS/.test(name)) return 'chat/untrusted';
  if (/TIMED_OUT|TIMEOUT|ETIMEDOUT/.test(name)) return 'chat/timeout';
  return isAnswering ? 'chat/cut-short' : 'chat/unreachable';
}
