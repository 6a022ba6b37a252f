import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How fast it answers, as a hosted model does. */
const firstTokenMs = 200;
const tokensPerSecond = 40;

/** An OpenAI-compatible endpoint on loopback that writes a given reply, token by token, at a steady pace. */
export interface PacedChatServer {
  readonly baseUrl: string;
  /** What it writes from now on. */
  reply(text: string): void;
  /** When the last request came; `Date.now()`. */
  readonly requestTime: number;
  close(): Promise<void>;
}

/** When a token is written, ms after the request. */
export const tokenMs = (index: number): number => firstTokenMs + (index * 1000) / tokensPerSecond;

/** About the tokens of a real model: words, with the space before them, and marks. */
export const tokensOf = (text: string): readonly string[] =>
  text.match(/\s*(?:[\p{Letter}\p{Number}']+|[^\s])/gu) ?? [];

export async function startPacedChatServer(): Promise<PacedChatServer> {
  let tokens: readonly string[] = [];
  let requestTime = NaN;
  const http = createServer((request, response) => {
    const arrivalTime = performance.now();
    requestTime = Date.now();
    request.resume().on('end', () => {
      void write(response, tokens, arrivalTime);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${String(port)}/v1`,
    reply(text) {
      tokens = tokensOf(text);
    },
    get requestTime() {
      return requestTime;
    },
    async close() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

async function write(response: ServerResponse, tokens: readonly string[], arrivalTime: number): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  response.flushHeaders();
  const send = (choice: object) =>
    response.write(
      `data: ${JSON.stringify({ id: 'chat-1', object: 'chat.completion.chunk', created: 0, model: 'paced', choices: [{ index: 0, ...choice }] })}\n\n`,
    );
  for (const [index, content] of tokens.entries()) {
    // By the clock since the request, so that late timers do not add up.
    const left = arrivalTime + tokenMs(index) - performance.now();
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
    if (response.destroyed) return;
    send({ delta: { content }, finish_reason: null });
  }
  send({ delta: {}, finish_reason: 'stop' });
  response.end('data: [DONE]\n\n');
}
