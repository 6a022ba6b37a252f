import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median } from './report.js';

export interface Traffic {
  readonly connections: number;
  /** Bytes to the server and from it, TLS included, TCP's own headers not. */
  readonly up: number;
  readonly down: number;
}

/** A way to a server on this machine, through another process, that takes time and is counted. */
export interface DelayProxy {
  readonly port: number;
  /** What has passed so far, once all connections are closed. */
  traffic(): Promise<Traffic>;
  close(): void;
}

export async function startDelayProxy(targetPort: number, delayMs: number): Promise<DelayProxy> {
  const child = fork(
    fileURLToPath(new URL('delay-proxy.ts', import.meta.url)),
    [String(targetPort), String(delayMs)],
    // Nothing of the test runner's own loaders.
    { execArgv: [] },
  );
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    port,
    async traffic() {
      for (;;) {
        const answer = once(child, 'message');
        child.send('counts');
        const [counts] = (await answer) as [Traffic & { open: number }];
        if (counts.open === 0) return counts;
        await delay(5);
      }
    },
    close() {
      child.kill();
    },
  };
}

/** What a round trip through such a proxy really takes, timers and loopback included; ms. */
export async function measureRoundTrip(delayMs: number): Promise<number> {
  const echo = createServer({ noDelay: true }, (socket) => socket.pipe(socket));
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  const proxy = await startDelayProxy((echo.address() as AddressInfo).port, delayMs);
  const socket = connect({ port: proxy.port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const samples: number[] = [];
  for (let index = 0; index < 40; index += 1) {
    const start = performance.now();
    socket.write('x');
    await once(socket, 'data');
    samples.push(performance.now() - start);
  }
  socket.destroy();
  proxy.close();
  echo.close();
  return median(samples);
}
