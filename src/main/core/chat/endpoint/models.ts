import { z } from 'zod';
import { longestModelName } from '../../../../shared/contract/settings.js';
import { endpointClient, type EndpointAddress } from './client.js';

/** How long a list is waited for, from the question to its last byte. */
const patienceMs = 10_000;
/** The longest list known, OpenRouter's with a description of each of its hundreds of models, has about one MB. */
const largestListBytes = 8 * 1024 * 1024;
const mostModels = 1000;

/** An endpoint's models: `data` as OpenAI documents it, `models` as llama-server and gateways have it, or a bare list. */
const listSchema = z.union([
  z.object({ data: z.array(z.unknown()) }).transform(({ data }) => data),
  z.object({ models: z.array(z.unknown()) }).transform(({ models }) => models),
  z.array(z.unknown()),
]);
const nameSchema = z
  .string()
  .trim()
  .min(1)
  .max(longestModelName)
  .regex(/^[^\p{Cc}\p{Cf}]+$/u);
const modelSchema = z.union([
  nameSchema,
  z.object({ id: nameSchema }).transform(({ id }) => id),
  z.object({ name: nameSchema }).transform(({ name }) => name),
]);

/**
 * The names of the models that an endpoint says it has, in its order. They are an offer only: an endpoint that refuses,
 * is silent or answers nonsense has none.
 */
export async function listModels(
  address: EndpointAddress & { readonly patienceMs?: number },
): Promise<readonly string[]> {
  const limit = address.patienceMs ?? patienceMs;
  const client = endpointClient({ ...address, timeoutMs: limit, retries: 0 });
  try {
    const response = await client.models.list({ signal: AbortSignal.timeout(limit) }).asResponse();
    const list = listSchema.parse(JSON.parse(await readText(response)));
    const names = list.slice(0, mostModels).flatMap((model) => modelSchema.safeParse(model).data ?? []);
    return [...new Set(names)];
  } catch {
    // Whatever is wrong: the name can be typed, and the test says what is wrong with the endpoint.
    return [];
  }
}

/** A body of bounded size; throws for a larger one. */
async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes > largestListBytes) throw new RangeError('the list of models is too large');
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
