import { cleanBaseUrl } from '../../../shared/chat-address.js';

/** A chat service or server whose facts need not be typed. All of them can be changed in the form. */
export interface ChatPreset {
  /** Its name is in `i18n`. */
  readonly id: PresetId;
  readonly baseUrl: string;
  /** A model that answers fast enough to talk to; empty where the learner's own machine decides which there are. */
  readonly model: string;
  /** Where a key is made; null for a server that wants none. */
  readonly keyPage: string | null;
}

export type PresetId =
  | 'deepseek'
  | 'qwen'
  | 'zhipu'
  | 'moonshot'
  | 'siliconflow'
  | 'openrouter'
  | 'openai'
  | 'ollama'
  | 'lm-studio'
  | 'llama-server';

/**
 * Looked up on 2026-11-26 in the pages named beside each. The pages where keys are made are those which public projects
 * name: they cannot be read without an account.
 */
export const chatPresets: readonly ChatPreset[] = [
  {
    // https://api-docs.deepseek.com/ (base URL, models)
    id: 'deepseek',
    baseUrl: 'https://api.deepseek.com',
    model: 'deepseek-v4-flash',
    keyPage: 'https://platform.deepseek.com/api_keys',
  },
  {
    // https://help.aliyun.com/document_detail/2975671.html (base URL, model, where keys are made)
    id: 'qwen',
    baseUrl: 'https://dashscope.aliyuncs.com/compatible-mode/v1',
    model: 'qwen-plus',
    keyPage: 'https://bailian.console.aliyun.com/?tab=model#/api-key',
  },
  {
    // https://docs.bigmodel.cn/cn/guide/develop/openai/introduction.md (base URL),
    // https://docs.bigmodel.cn/cn/guide/models/free/glm-4-flash-250414.md (model, free of charge)
    id: 'zhipu',
    baseUrl: 'https://open.bigmodel.cn/api/paas/v4',
    model: 'glm-4-flash-250414',
    keyPage: 'https://bigmodel.cn/usercenter/proj-mgmt/apikeys',
  },
  {
    // https://platform.kimi.com/docs/api/overview (base URL), https://www.promptfoo.dev/docs/providers/moonshot/ (model)
    id: 'moonshot',
    baseUrl: 'https://api.moonshot.cn/v1',
    model: 'kimi-k2.6',
    keyPage: 'https://platform.kimi.com/console/api-keys',
  },
  {
    // https://docs.siliconflow.cn/docs/userguide/quickstart (base URL, "API 密钥" page)
    id: 'siliconflow',
    baseUrl: 'https://api.siliconflow.cn/v1',
    model: 'deepseek-ai/DeepSeek-V3.2',
    keyPage: 'https://cloud.siliconflow.cn/account/ak',
  },
  {
    // https://openrouter.ai/docs/quickstart (base URL, model)
    id: 'openrouter',
    baseUrl: 'https://openrouter.ai/api/v1',
    model: 'openai/gpt-5.2',
    keyPage: 'https://openrouter.ai/settings/keys',
  },
  {
    // https://librechat.ai/docs/configuration/pre_configured_ai/openai (key page, models); the base URL is the default
    // of the `openai` package.
    id: 'openai',
    baseUrl: 'https://api.openai.com/v1',
    model: 'gpt-5-mini',
    keyPage: 'https://platform.openai.com/api-keys',
  },
  {
    // https://docs.ollama.com/api/openai-compatibility, as https://www.w3cschool.cn/ollamadocs/ has it (base URL, no key).
    // The name `localhost` may mean an address on which it does not listen.
    id: 'ollama',
    baseUrl: 'http://127.0.0.1:11434/v1',
    model: '',
    keyPage: null,
  },
  {
    // https://lmstudio.ai/docs/api/openai-api (base URL)
    id: 'lm-studio',
    baseUrl: 'http://127.0.0.1:1234/v1',
    model: '',
    keyPage: null,
  },
  {
    // https://www.mintlify.com/ggml-org/llama.cpp/inference/server (address), .../api/tools/llama-server (host and port)
    id: 'llama-server',
    baseUrl: 'http://127.0.0.1:8080/v1',
    model: '',
    keyPage: null,
  },
];

/** The preset that a base URL, as it was pasted, belongs to; null for any other endpoint. */
export function presetOf(baseUrl: string): ChatPreset | null {
  const cleaned = cleanBaseUrl(baseUrl);
  return chatPresets.find((preset) => preset.baseUrl === cleaned) ?? null;
}
