import OpenAI from 'openai';

/** Where an endpoint is, and how it is reached. */
export interface EndpointAddress {
  /** An OpenAI-compatible base URL, e.g. `https://api.example.com/v1`. */
  readonly baseUrl: string;
  /** Null for a server that wants none. */
  readonly key: string | null;
  readonly fetch: typeof fetch;
}

/** A refusal says what it has to say in less; the library would read all of it. */
const longestRefusalBytes = 64 * 1024;

interface ClientOptions extends EndpointAddress {
  readonly timeoutMs: number;
  /** How often a request is sent again that was refused for the moment. */
  readonly retries: number;
}

/** The library's client, with nothing in it that comes from the machine's environment. */
export function endpointClient({ baseUrl, key, fetch, timeoutMs, retries }: ClientOptions): OpenAI {
  return new OpenAI({
    baseURL: baseUrl,
    apiKey: key ?? 'none',
    fetch: (input, init) => fetch(input, init).then(withShortRefusal),
    timeout: timeoutMs,
    maxRetries: retries,
    // The library would log requests on its own when an environment variable asks for it.
    logLevel: 'off',
    organization: null,
    project: null,
  });
}

function withShortRefusal(response: Response): Response {
  if (response.ok || !response.body) return response;
  let left = longestRefusalBytes;
  const first = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      controller.enqueue(chunk.subarray(0, left));
      left -= chunk.byteLength;
      if (left <= 0) controller.terminate();
    },
  });
  return new Response(response.body.pipeThrough(first), response);
}
