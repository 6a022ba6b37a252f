import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How the server answers a chat request. */
export type ChatBehaviour =
  | { readonly kind: 'reply'; readonly text: string; readonly delayMs?: number }
  | { readonly kind: 'status'; readonly status: number }
  /** Ends the connection after some words, in the middle of the stream. */
  | { readonly kind: 'cut'; readonly text: string }
  /** Closes the stream properly, but without the mark that the reply is whole. */
  | { readonly kind: 'unfinished'; readonly text: string }
  | { readonly kind: 'garbage' }
  | { readonly kind: 'empty' }
  /** Never stops writing. */
  | { readonly kind: 'endless' }
  /** Takes the request and says nothing. */
  | { readonly kind: 'silent' }
  /** Answers with just these bytes, piece by piece. */
  | {
      readonly kind: 'raw';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly waitMsBeforeHeaders?: number | undefined;
      /** Nothing is answered before this resolves. */
      readonly after?: Promise<unknown>;
      readonly body: readonly (
        string | Uint8Array | { readonly waitMs: number } | { readonly wait: Promise<unknown> }
      )[];
    };

export interface ChatRequestSeen {
  readonly authorization: string | undefined;
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

/** An OpenAI-compatible chat endpoint on loopback that does what a test says. */
export interface ChatServer {
  readonly baseUrl: string;
  readonly requests: readonly ChatRequestSeen[];
  /** The keys with which its models were asked for. */
  readonly listings: readonly (string | undefined)[];
  /** Asked for each request; the default answers every one with the same sentence. */
  behave(behaviour: ChatBehaviour | ((request: ChatRequestSeen) => ChatBehaviour)): void;
  /** What it answers when it is asked for its models; by default it knows of no such question. */
  offer(models: ChatBehaviour): void;
  close(): Promise<void>;
}

export async function startChatServer(): Promise<ChatServer> {
  const requests: ChatRequestSeen[] = [];
  let behaviour: ChatBehaviour | ((request: ChatRequestSeen) => ChatBehaviour) = { kind: 'reply', text: 'I see.' };

  const listings: (string | undefined)[] = [];
  let models: ChatBehaviour = { kind: 'raw', status: 404, headers: {}, body: ['404 page not found'] };

  const http = createServer((request, response) => {
    if (request.method === 'GET') {
      listings.push(request.headers.authorization);
      void answer(response, models);
      return;
    }
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      const { model, messages } = JSON.parse(body) as Pick<ChatRequestSeen, 'model' | 'messages'>;
      const seen = { authorization: request.headers.authorization, model, messages };
      requests.push(seen);
      void answer(response, typeof behaviour === 'function' ? behaviour(seen) : behaviour);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;

  return {
    baseUrl: `http://127.0.0.1:${String(port)}/v1`,
    requests,
    listings,
    offer(next) {
      models = next;
    },
    behave(next) {
      behaviour = next;
    },
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

async function answer(response: ServerResponse, behaviour: ChatBehaviour): Promise<void> {
  switch (behaviour.kind) {
    case 'status':
      response.writeHead(behaviour.status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ error: { message: 'Incorrect API key provided: sk-secret', type: 'error' } }));
      return;
    case 'garbage':
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.end('data: {"choices": [\n\ndata: <html>\n\n');
      return;
    case 'empty':
      startStream(response);
      endStream(response);
      return;
    case 'silent':
      return;
    case 'raw':
      await Promise.all([delay(behaviour.waitMsBeforeHeaders ?? 0), behaviour.after]);
      response.writeHead(behaviour.status, behaviour.headers);
      for (const piece of behaviour.body) {
        if (typeof piece === 'object' && 'waitMs' in piece) await delay(piece.waitMs);
        else if (typeof piece === 'object' && 'wait' in piece) await piece.wait;
        else {
          response.write(piece);
          // Each piece arrives by itself.
          await delay(1);
        }
      }
      response.end();
      return;
    case 'endless':
      startStream(response);
      while (!response.destroyed) {
        writeDelta(response, 'and so on '.repeat(200));
        await delay(1);
      }
      return;
    case 'reply':
    case 'cut':
    case 'unfinished':
      startStream(response);
      for (const word of behaviour.text.match(/\S+\s*/g) ?? []) {
        if (response.destroyed) return;
        writeDelta(response, word);
        await delay(behaviour.kind === 'reply' ? (behaviour.delayMs ?? 1) : 1);
      }
      if (behaviour.kind === 'cut') response.destroy();
      else if (behaviour.kind === 'unfinished') response.end();
      else endStream(response);
  }
}

function startStream(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  response.flushHeaders();
}

function writeDelta(response: ServerResponse, content: string): void {
  writeChunk(response, { delta: { content }, finish_reason: null });
}

function endStream(response: ServerResponse): void {
  writeChunk(response, { delta: {}, finish_reason: 'stop' });
  response.end('data: [DONE]\n\n');
}

function writeChunk(response: ServerResponse, choice: object): void {
  const chunk = {
    id: 'chat-1',
    object: 'chat.completion.chunk',
    created: 0,
    model: 'test',
    choices: [{ index: 0, ...choice }],
  };
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}

const delay = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
