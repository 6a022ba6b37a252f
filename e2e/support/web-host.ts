import { spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { WebSocket } from 'ws';
import type { Client } from '../../src/renderer/client.js';
import { createSocketClient } from '../../src/renderer/socket-client.js';

const root = resolve(import.meta.dirname, '../..');

/** The built web host as a process of its own, without a page. */
export interface WebHost {
  readonly process: ChildProcess;
  /** The address that it printed: it works once. */
  readonly url: string;
  /** What it has printed so far. */
  printed(): string;
  /** Ends it as Ctrl+C does; answers its exit status. */
  close(): Promise<number | null>;
}

/** Starts the host, of `appRoot` where it is another than this. Rejects with what it printed where it ends instead. */
export async function startWebHost(userData: string, appRoot = root): Promise<WebHost> {
  const child = spawn(process.execPath, [join(appRoot, 'out/main/web.js'), '--user-data', userData], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((found, failed) => {
    const read = (text: Buffer) => {
      printed += String(text);
      const address = /http:\/\/\S+/.exec(printed)?.[0];
      if (address) found(address);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then((status) => {
      failed(new Error(`the host ended (${String(status)}): ${printed}`));
    });
  });
  return {
    process: child,
    url,
    printed: () => printed,
    close() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Signs in with the printed address; answers the cookie. */
export async function cookieOf({ url }: WebHost): Promise<string> {
  const response = await fetch(url, { redirect: 'manual' });
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
}

/** The contract as the host's page has it, once it is connected. */
export async function openClient(host: WebHost): Promise<Client> {
  const cookie = await cookieOf(host);
  const { origin } = new URL(host.url);
  const client = createSocketClient(() => {
    const socket = new WebSocket(`${origin.replace('http', 'ws')}/contract`, { headers: { cookie, origin } });
    socket.on('error', () => undefined);
    return socket as unknown as globalThis.WebSocket;
  });
  await new Promise<void>((opened) => {
    client.onConnection((connection) => {
      if (connection === 'open') opened();
    });
  });
  return client;
}
