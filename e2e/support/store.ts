import { spawn } from 'node:child_process';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { join, resolve } from 'node:path';
import { formatConnectionString, parseConnectionString } from '../../src/main/core/sync/connection-string.js';

/** A developer's account store, and a cable to it that can be pulled. */
export interface Store {
  readonly connectionString: string;
  cut(): Promise<void>;
  mend(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a store as `npm run account-store -- dev` does. */
export async function startStore(): Promise<Store> {
  const script = join(resolve(import.meta.dirname, '../..'), 'scripts/account-store.mjs');
  const child = spawn(process.execPath, [script, 'dev'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  const given = await new Promise<string>((found, failed) => {
    const read = (text: Buffer) => {
      printed += String(text);
      const line = /botchat:\/\/\S+(?=\s)/.exec(printed)?.[0];
      if (line) found(line);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => {
      failed(new Error(`no store: ${printed}`));
    });
  });
  const parsed = parseConnectionString(given);
  if (!parsed.ok) throw new Error(`a store that prints what is no connection string: ${parsed.problem}`);
  const { host, port } = parsed.address;

  const sockets = new Set<Socket>();
  const cable = createServer((near) => {
    const far = connect({ host, port });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.pipe(near);
  });
  const listen = (at: number) => new Promise<void>((listening) => cable.listen(at, '127.0.0.1', listening));
  await listen(0);
  const cablePort = (cable.address() as AddressInfo).port;
  const cut = async () => {
    const closed = new Promise((done) => cable.close(done));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    connectionString: formatConnectionString({ ...parsed.address, port: cablePort }),
    cut,
    mend: () => listen(cablePort),
    async stop() {
      if (cable.listening) await cut();
      const ended = new Promise((exit) => child.once('exit', exit));
      child.kill('SIGTERM');
      await ended;
    },
  };
}
