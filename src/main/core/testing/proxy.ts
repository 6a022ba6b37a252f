import { createServer, request as requestOf } from 'node:http';
import { connect, type AddressInfo } from 'node:net';

export interface TestProxy {
  readonly port: number;
  /** What was asked of it: `GET http://…`, `CONNECT host:port`. */
  readonly asked: string[];
  close(): Promise<void>;
}

export interface TestProxyOptions {
  /** `name:password` that it wants to hear. */
  readonly credentials?: string;
  /** It answers everything with this. */
  readonly status?: number;
}

/** An HTTP proxy on loopback. Whatever host is asked for, it lies on loopback, too. */
export async function startProxy({ credentials, status }: TestProxyOptions = {}): Promise<TestProxy> {
  const asked: string[] = [];
  const wanted = credentials === undefined ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  const refusal = (given: string | undefined) => (given === wanted || wanted === undefined ? status : 407);

  const server = createServer((request, response) => {
    asked.push(`${String(request.method)} ${String(request.url)}`);
    const refused = refusal(request.headers['proxy-authorization']);
    if (refused !== undefined) {
      response.writeHead(refused, { 'content-type': 'text/html' }).end('<html>proxy</html>');
      return;
    }
    const { port, pathname } = new URL(String(request.url));
    const { method, headers } = request;
    const onward = requestOf({ host: '127.0.0.1', port, path: pathname, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${String(request.url)}`);
    const refused = refusal(request.headers['proxy-authorization']);
    socket.on('error', () => undefined);
    if (refused !== undefined) {
      socket.end(`HTTP/1.1 ${String(refused)} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const onward = connect(Number(String(request.url).split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    close: () =>
      new Promise((closed) => {
        server.close(() => {
          closed();
        });
        server.closeAllConnections();
      }),
  };
}
