import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Core } from '../core/core.js';
import type { Log } from '../core/ports.js';
import { readRendererFiles, rendererHeaders, type RendererFile } from '../core/renderer-files.js';
import { createAccess, isOwnRequest } from './access.js';
import { createContractSocket } from './contract-socket.js';

/** A message is at most a second of sound, or a clip of ten minutes. */
const largestMessageBytes = 32 * 1024 * 1024;

export interface WebServer {
  /** A one-time address that opens the app. */
  openUrl(): string;
  close(): Promise<void>;
}

export interface WebServerOptions {
  readonly core: Core;
  readonly log: Log;
  /** The built interface. */
  readonly rendererFolder: string;
  /** 0 for any free port. */
  readonly port: number;
}

/** Serves the interface and its contract on 127.0.0.1, to whoever opened its address. */
export async function startWebServer({
  core,
  log,
  rendererFolder,
  port: wantedPort,
}: WebServerOptions): Promise<WebServer> {
  const files = await readRendererFiles(rendererFolder);
  const access = createAccess();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: largestMessageBytes, perMessageDeflate: false });
  const contract = createContractSocket(core, log);

  const http = createServer((request, response) => {
    answer(request, response);
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(wantedPort, '127.0.0.1', resolve);
  });
  const { port } = http.address() as AddressInfo;
  const origin = `http://127.0.0.1:${String(port)}`;

  /** Where a request wants to go; null for what is no address at all (`//`): whoever can reach the port can send that. */
  const urlOf = ({ url = '/' }: IncomingMessage): URL | null =>
    URL.canParse(url, origin) ? new URL(url, origin) : null;

  function answer(request: IncomingMessage, response: ServerResponse): void {
    if (!isOwnRequest(request.headers, port)) return refuse(response, 403, 'This address is not BotChat’s own.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'Only GET is answered.');
    const url = urlOf(request);
    if (url === null) return refuse(response, 400, 'This is no address.');
    const token = url.searchParams.get('token');
    const cookie = token === null ? null : access.redeem(token);
    if (cookie !== null) {
      // The token leaves the address bar, and with it the history.
      response.writeHead(303, { Location: '/', 'Set-Cookie': cookie }).end();
      return;
    }
    if (!access.hasCookie(request.headers.cookie)) {
      return refuse(
        response,
        403,
        '请打开 BotChat 启动时显示的网址（每个网址只能打开一次）。\nPlease open the address that BotChat printed when it started; it works once.',
      );
    }
    const file = files.get(url.pathname);
    if (!file) return refuse(response, 404, 'Not found.');
    serve(response, file, request.method === 'HEAD');
  }

  function serve(response: ServerResponse, file: RendererFile, headersOnly: boolean): void {
    const headers = rendererHeaders(`'self' ws://127.0.0.1:${String(port)} ws://localhost:${String(port)}`);
    response.writeHead(200, { ...headers, 'Content-Type': file.contentType, 'Content-Length': file.body.byteLength });
    response.end(headersOnly ? undefined : file.body);
  }

  // Out of file descriptors, for instance: the next one may be let in again.
  http.on('error', (error) => {
    log.error('the server failed', { error });
  });
  http.on('upgrade', (request, socket, head) => {
    // Once it is upgraded, Node leaves a connection to us: one that is reset while nobody listens ends the process.
    socket.on('error', (error) => {
      log.warn('connection failed', { error });
    });
    const isContract = urlOf(request)?.pathname === '/contract';
    // A WebSocket always has an origin when a browser opens it; one without is no page of ours.
    const isOurs = isOwnRequest(request.headers, port) && request.headers.origin !== undefined;
    if (!isContract || !isOurs || !access.hasCookie(request.headers.cookie)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      contract.accept(webSocket);
    });
  });

  return {
    openUrl: () => access.openUrl(origin),
    async close() {
      contract.close();
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function refuse(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' });
  response.end(`${words}\n`);
}
