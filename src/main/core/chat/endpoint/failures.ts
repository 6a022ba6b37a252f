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
    /unsupported_country|(country|region|territory|location)[^.]{0,40}(not (currently )?(supported|available|allowed)|is not allowed|unavailable|restricted|blocked)|not (currently )?(available|supported|offered) in (your|this) (country|region|location|area)|(地区|区域|国家|地域).{0,12}(不支持|不可用|不提供|未开放|不能使用|无法使用|受限)|(不支持|不对|未对|不向).{0,12}(地区|区域|国家|地域)/,
  ],
  [
    'chat/out-of-money',
    /(insufficient|not enough|no|low|zero|negative)[ _-]?(user|account|api|free|remaining)?[ _-]?(balance|quota|funds?|credits?)|(balance|credits?|quota|funds?|budget|spending limit|free (tier|allocation|trial))[^.]{0,40}(insufficient|not enough|exhausted|used up|run out|ran out|depleted|too low|has been exceeded|reached|expired|is negative)|(exceeded|exhausted|reached|used up|hit) (your|the|its|all)[^.]{0,20} (quota|balance|budget|credits?|spend)|out of (credits?|funds?|quota|balance)|requires more credits|good standing|arrear|overdue|payment required|billing|recharge|top[ -]?up|余额|余额不足|欠费|(额度|资源包|免费量|配额|点数|积分).{0,8}(不足|已?用|已?耗|耗尽|用尽|用完|失败|为 ?0|过期)|无可用资源包|充值|续费|欠款/,
  ],
  [
    'chat/model-not-found',
    /模型.{0,80}无可用渠道|no available channels?|model[^.]{0,60}does not support chat|does not support chat|not a chat model/,
  ],
];
const contextWordings =
  /context[ _-]?(length|size|window|limit)|(maximum|max|model|entire|the) context|exceed_context|max_seq_len|(prompt|input|messages?|conversation|request)s?[^.]{0,40}too (long|large|many tokens)|too many (input |prompt )?tokens|(input|prompt|message|request)s?[ _]?(length|tokens?|characters?)?[^.]{0,60}(exceed|out of range|less than|must be <=|greater than|larger than|longer than)[^.]{0,60}|exceeds? (the )?max(imum)?[ _](input |prompt |token )?(length|tokens?)|range of input length|maximum (number of )?(input )?tokens|token limit|reduce the length|上下文|(输入|内容|对话|消息|提示词|请求|文本|prompt|会话|历史).{0,10}(超长|过长|太长|超出长度)|(长度|字数|字符数?).{0,8}(超|限制|过长)|超(出|过).{0,16}(长度|字数|tokens?)|tokens?.{0,10}(超|过多|上限)/;
/** What limits tokens by time and not by the conversation. */
const perTime = /per[ _-]?(min|day|hour|second)|\b[tr]p[md]\b|rate[ _-]?limit|每(分钟|天|日|秒|小时)|throttl|限流|频率/;
const statusWordings: readonly (readonly [ErrorCode, RegExp])[] = [
  [
    'chat/unauthorised',
    /invalid[ _-]?(api[ _-]?key|access[ _-]?token|token|authentication|credentials?)|incorrect api[ _-]?key|(api[ _-]?key|access[ _-]?token|\btoken\b|credentials?)[^.]{0,40}(invalid|expired|missing|incorrect|revoked|disabled|required|not (valid|found|provided))|unauthori[sz]ed|authenticat|permission|forbidden|login fail|access denied|(密钥|令牌|鉴权|认证|身份|验证失败|未登录|请先登录|无权)/,
  ],
  [
    'chat/model-not-found',
    /model[^.]{0,60}(not exist|not found|does ?n.t exist|unknown|not supported|not available|not loaded|not enabled|no such|invalid|deprecated|retired|decommissioned|no longer)|(no such|unknown|invalid|unsupported|not found the|not a valid)[ _-]?model|model_not_found|no endpoints found|no models? loaded|模型.{0,40}(不存在|未找到|找不到|无效|不支持|已下线|未开通|没有)|(不存在|未找到|找不到|没有|无效|不支持).{0,8}模型/,
  ],
  [
    'chat/rate-limited',
    /rate[ _-]?limit|too many requests|too frequent|throttl|concurren|qps|\b[rt]p[md]\b|限流|频率|频繁|每(分钟|天|日|秒|小时)|并发|请求过多|次数.{0,6}(上限|超|用)/,
  ],
  [
    'chat/wrong-address',
    /unexpected endpoint|unknown (request )?(url|path|endpoint|route)|unrecognized request url|invalid (url|path|endpoint)|no (handler|route|static resource)|route[^.]{0,40}not found|cannot post|method not allowed|page not found|file not found|url[._ ]not[._ ]found|path .*not found|not found: \/|^\W*not found\W*$|(接口|路径|地址).{0,6}(不存在|未找到|错误)/,
  ],
  [
    'chat/filtered',
    /content[ _-]?(filter|policy|risk|management)|content exists risk|high risk|moderation|inappropriate|data_?inspection|responsible ?ai|safety|sensitive|敏感|安全审核|违规|不合规|风险|审核/,
  ],
  [
    'chat/server',
    /overload|server[ _-]?(busy|error)|internal|unavailable|try again later|loading model|繁忙|过载|稍后/,
  ],
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
  if (code !== 429 && contextWordings.test(said) && !perTime.test(said)) return 'chat/conversation-too-long';
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
    // A model that is missing is called one.
    const isPath = payload === null || told?.[0] === 'chat/wrong-address' || /not[ _.]?found/.test(said);
    return isPath && !/model|endpoints|deployment|模型/.test(said) ? 'chat/wrong-address' : 'chat/model-not-found';
  }
  if (told) return told[0];
  if (code === 403) return 'chat/unauthorised';
  // A login page, a portal or another service: whatever it is, it is no chat endpoint.
  return payload === null ? 'chat/wrong-address' : 'chat/bad-response';
}

/** A status that stands inside an answer: `error.code` of 429, say. */
function numbered(payload: unknown): number | null {
  const outer = (Array.isArray(payload) ? payload[0] : payload) as Readonly<Record<string, unknown>> | null | undefined;
  const inner = (outer?.error ?? null) as Readonly<Record<string, unknown>> | null;
  const named = [inner?.code, inner?.status, inner?.status_code, outer?.code, outer?.status, outer?.status_code];
  return named.map(Number).find((status) => Number.isInteger(status) && status >= 400 && status < 600) ?? null;
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
  if (Array.isArray(payload))
    return payload.some((each: unknown) => typeof each === 'object' && each !== null && isRefusal(each));
  const fields = payload as Readonly<Record<string, unknown>>;
  const { error, errors, base_resp, choices } = fields;
  if (typeof error === 'string') return error !== '';
  if (typeof error === 'object' && error !== null && Object.keys(error).length > 0) return true;
  if (Array.isArray(errors) && errors.length > 0) return true;
  const status = (base_resp as { readonly status_code?: unknown } | null | undefined)?.status_code;
  if (typeof status === 'number' && status !== 0) return true;
  if (Array.isArray(choices)) return false;
  const { code, error_code, errcode, message, msg, error_msg, errmsg, detail, success, type, object } = fields;
  const says = [message, msg, error_msg, errmsg, detail].some((words) => typeof words === 'string' && words !== '');
  const hasCode = [code, error_code, errcode].some((each) => each !== undefined && each !== null && Number(each) !== 0);
  return says && (hasCode || success === false || type === 'error' || object === 'error' || detail !== undefined);
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
