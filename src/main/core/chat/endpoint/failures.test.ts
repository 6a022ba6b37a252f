import { expect, it } from 'vitest';
import type { ErrorCode } from '../../../../shared/errors.js';
import { refusalError } from './failures.js';

/** What providers say, retold from their documentation and from bug reports; the status they say it with first. */
const said: Partial<Record<ErrorCode, readonly (readonly [number, unknown])[]>> = {
  'chat/out-of-money': [
    [402, { error: { message: 'Insufficient Balance' } }],
    [402, { error: { message: 'This request requires more credits, or fewer max_tokens.', code: 402 } }],
    [402, null],
    [403, { code: 'AllocationQuota.FreeTierOnly', message: 'The free tier of the model has been exhausted.' }],
    [
      403,
      { error: { message: '用户额度不足, 剩余额度: ＄0.00', type: 'new_api_error', code: 'insufficient_user_quota' } },
    ],
    [403, { error: { message: '预扣费额度失败, 用户剩余额度: ¥0.1', code: 'pre_consume_token_quota_failed' } }],
    [401, { error: { message: '该令牌额度已用尽' } }],
    [400, { code: 'Arrearage', message: 'Access denied, please make sure your account is in good standing.' }],
    [400, { error: { message: 'Your credit balance is too low to access the API.' } }],
    [400, { error: { message: 'Budget has been exceeded! Current cost: 1.0, Max budget: 1.0' } }],
    [429, { error: { code: '1113', message: '余额不足或无可用资源包,请充值。' } }],
    [429, { error: { message: 'Your account is suspended, please check your plan and billing details' } }],
    [429, { error: { type: 'insufficient_quota', message: 'You exceeded your current quota.' } }],
    [403, { error: { message: '您的账号已欠费，请充值后再使用' } }],
    [403, { error: { message: '账户可用点数不足' } }],
    [200, { base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }],
    [200, { error: { code: 500, message: '免费额度已用完' } }],
  ],
  'chat/region': [
    [
      403,
      {
        error: { code: 'unsupported_country_region_territory', message: 'Country, region, or territory not supported' },
      },
    ],
    [400, { error: { message: 'User location is not supported for the API use.', status: 'FAILED_PRECONDITION' } }],
    [403, { error: { message: 'This model is not available in your country.' } }],
    [403, { error: { message: '您所在的国家或地区暂不支持该服务' } }],
    [403, { error: { message: '暂不支持您所在的地区' } }],
    [451, null],
  ],
  'chat/conversation-too-long': [
    [
      400,
      { error: { message: "This model's maximum context length is 131072 tokens. However, you requested 140000." } },
    ],
    [400, { error: { message: 'prompt is too long: 204019 tokens > 200000 maximum' } }],
    [
      400,
      { error: { message: 'The input token count (40000) exceeds the maximum number of tokens allowed (32768).' } },
    ],
    [400, { error: { message: 'length of prompt_tokens (5000) must be less than max_seq_len (4096).' } }],
    [400, { error: { message: 'Please reduce the length of the messages or completion.' } }],
    [400, { error: { message: 'Input length 40000 exceeds the maximum length 32768' } }],
    [400, { error: { code: '1261', message: 'Prompt 超长' } }],
    [400, { error: { message: '输入长度超过模型上限' } }],
    [400, { error: { message: '对话内容过长，请清空历史后重试' } }],
    [400, { error: { message: '输入的tokens数量超过限制' } }],
    [
      400,
      {
        error:
          'Trying to keep the first 5000 tokens when context the overflows. The model is loaded with context length of only 4096',
      },
    ],
    [
      500,
      {
        error: {
          code: 500,
          message: 'input is too large to process. increase the physical batch size',
          type: 'server_error',
        },
      },
    ],
    [413, '<html>413 Request Entity Too Large</html>'],
    [
      200,
      {
        error: { code: 400, type: 'exceed_context_size_error', message: 'request exceeds the available context size' },
      },
    ],
  ],
  'chat/unauthorised': [
    [401, null],
    [401, { error: { message: '无效的令牌' } }],
    [401, { error: { code: '1000', message: '身份验证失败。' } }],
    [403, { error: { message: 'Request not allowed' } }],
    [400, { error: { message: 'API key expired. Please renew the API key.' } }],
    [200, { code: 401, msg: 'token expired or incorrect' }],
  ],
  'chat/model-not-found': [
    [404, { error: { message: 'The model `qwen9` does not exist or you do not have access to it.' } }],
    [
      404,
      { error: { message: 'Not found the model moonshot-v9 or Permission denied', type: 'resource_not_found_error' } },
    ],
    [404, { object: 'error', message: 'The model `m` does not exist.', type: 'NotFoundError', code: 404 }],
    [404, { error: { message: 'No endpoints found for vendor/model.', code: 404 } }],
    [404, { error: { message: 'No models loaded. Please load a model.' } }],
    [400, { error: { message: 'vendor/model is not a valid model ID', code: 400 } }],
    [400, { error: { code: '1211', message: '模型不存在，请检查模型代码。' } }],
    [400, { error: { message: '"nomic-embed-text" does not support chat' } }],
    [400, { error: { message: 'The model `old` has been decommissioned and is no longer supported.' } }],
    [503, { error: { message: '当前分组 default 下对于模型 gpt-9 无可用渠道', type: 'new_api_error' } }],
    [403, { error: { message: '未找到模型 x' } }],
  ],
  'chat/wrong-address': [
    [404, null],
    [404, '404 page not found'],
    [404, 'Cannot POST /chat/completions'],
    [404, { detail: 'Not Found' }],
    [404, { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } }],
    [404, { error: { message: 'Invalid URL (POST /chat/completions)', type: 'invalid_request_error' } }],
    [404, { timestamp: 'x', status: 404, error: 'Not Found', path: '/chat/completions' }],
    [404, { code: 5, error: 'url.not_found', message: '没找到对象', method: 'POST' }],
    [404, { message: 'Route POST:/chat/completions not found', error: 'Not Found', statusCode: 404 }],
    [405, { detail: 'Method Not Allowed' }],
    [405, null],
    [200, null],
    [200, { error: 'Unexpected endpoint or method. (POST /chat/completions)' }],
    [400, { error: { message: 'Unknown request URL: POST /chat/completions.' } }],
  ],
  'chat/rate-limited': [
    [429, null],
    [
      429,
      { error: { message: 'Request too large on tokens per min (TPM): Limit 10000', code: 'rate_limit_exceeded' } },
    ],
    [
      429,
      { code: 'Throttling.AllocationQuota', message: 'Allocated quota exceeded, please increase your quota limit.' },
    ],
    [429, { error: { code: '1302', message: '您当前使用该API的并发数过高，请降低并发' } }],
    [429, { error: { message: '请求频率超过限制' } }],
    [403, { code: 50603, message: 'Request was rejected due to rate limiting.' }],
    [400, { error: { message: '请求过于频繁，请稍后再试' } }],
    [400, { error: { message: '每分钟token数超过限制' } }],
    [200, { base_resp: { status_code: 1002, status_msg: 'rate limit' } }],
  ],
  'chat/filtered': [
    [400, { error: { message: 'Content Exists Risk', type: 'invalid_request_error' } }],
    [400, { error: { code: 'data_inspection_failed', message: 'Input data may contain inappropriate content.' } }],
    [400, { error: { code: '1301', message: '系统检测到输入或生成内容可能包含不安全或敏感内容' } }],
    [400, { error: { message: 'The request was rejected because it was considered high risk' } }],
    [
      400,
      {
        error: {
          code: 'content_filter',
          message: "The response was filtered due to Azure's content management policy.",
        },
      },
    ],
    [200, { base_resp: { status_code: 1027, status_msg: 'output new_sensitive' } }],
  ],
  'chat/server': [
    [500, { error: { message: 'Internal Server Error' } }],
    [503, { error: { code: 503, message: 'Loading model', type: 'unavailable_error' } }],
    [529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }],
    [200, { error: { code: 502, message: 'Provider disconnected' } }],
    [200, { error: { message: '服务器繁忙' } }],
  ],
  'chat/proxy': [
    [407, null],
    [502, null],
    [503, null],
    [504, 'upstream request timeout'],
  ],
  'chat/bad-response': [
    [400, { error: { message: 'stream must be boolean' } }],
    [400, { error: { message: 'max_tokens: value is invalid' } }],
    [422, { detail: [{ msg: 'field required' }] }],
  ],
};

it.each(
  Object.entries(said).flatMap(([code, all]) => all.map(([status, payload]) => [code, status, payload] as const)),
)('%s: %i %j', (code, status, payload) => {
  expect(refusalError({ status, payload }).code).toBe(code);
});
