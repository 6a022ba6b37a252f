import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a host of a test answers for its file. All is optional: without, it behaves. */
export interface Misbehaviour {
  /** Answers in another way altogether; true where it did. */
  answer?(request: IncomingMessage, response: ServerResponse): boolean;
  /** The connection is cut after so many bytes of each answer. */
  cutAfter?(): number;
  /** It sends the whole file, whatever part is asked for. */
  readonly noRanges?: boolean;
  etag?(): string;
  /** Pauses between pieces of so many bytes. */
  readonly trickle?: { readonly bytes: number; readonly everyMs: number };
}

export interface FileHost {
  readonly url: string;
  /** What was asked of it: `bytes=0-9`. */
  readonly ranges: string[];
  /** Bytes that it sent. */
  readonly sent: number;
  content: Buffer;
  close(): Promise<void>;
}

/** Resolves when a connection takes more, or is gone. */
async function drained(response: ServerResponse): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const go = () => {
    resolve(undefined);
  };
  response.once('drain', go).once('close', go);
  await promise;
  response.off('drain', go).off('close', go);
}

/** A host on loopback that keeps one file. */
export async function startFileHost(content: Buffer, how: Misbehaviour = {}): Promise<FileHost> {
  const ranges: string[] = [];
  let sent = 0;
  const host = { content };
  const server = createServer((request, response) => {
    ranges.push(request.headers.range ?? 'whole');
    if (how.answer?.(request, response)) return;
    void send(request, response);
  });

  async function send(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const etag = how.etag?.() ?? '"1"';
    const [, from = '0', to = ''] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    const isChanged = request.headers['if-range'] !== undefined && request.headers['if-range'] !== etag;
    const isPart = how.noRanges !== true && !isChanged && request.headers.range !== undefined;
    const start = isPart ? Number(from) : 0;
    const end = isPart && to !== '' ? Math.min(Number(to) + 1, host.content.length) : host.content.length;
    // It waits for the same two events again and again.
    response.setMaxListeners(0);
    response.writeHead(isPart ? 206 : 200, {
      etag,
      'content-length': end - start,
      'content-type': 'application/octet-stream',
      ...(isPart
        ? { 'content-range': `bytes ${String(start)}-${String(end - 1)}/${String(host.content.length)}` }
        : {}),
    });
    const cut = Math.min(end - start, how.cutAfter?.() ?? Infinity);
    const step = how.trickle?.bytes ?? 65_536;
    for (let at = 0; at < cut && !response.destroyed; at += step) {
      const piece = host.content.subarray(start + at, start + Math.min(at + step, cut));
      sent += piece.length;
      if (!response.write(piece)) await drained(response);
      if (how.trickle) await new Promise((go) => setTimeout(go, how.trickle?.everyMs));
    }
    if (cut < end - start) response.destroy();
    else response.end();
  }

  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}/model.bin`,
    ranges,
    get sent() {
      return sent;
    },
    get content() {
      return host.content;
    },
    set content(next) {
      host.content = next;
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
        server.closeAllConnections();
      }),
  };
}
