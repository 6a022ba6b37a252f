import { decode, encode } from '@msgpack/msgpack';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ClientMessage, HostMessage } from '../shared/contract/wire.js';
import { createSocketClient, retryDelayMs } from './socket-client.js';

/** A WebSocket as far as the client uses one. */
class FakeSocket extends EventTarget {
  binaryType = 'blob';
  readonly sent: ClientMessage[] = [];

  send(bytes: Uint8Array): void {
    this.sent.push(decode(bytes) as ClientMessage);
  }
  open(): void {
    this.dispatchEvent(new Event('open'));
  }
  say(message: HostMessage): void {
    const bytes = encode(message);
    this.dispatchEvent(new MessageEvent('message', { data: bytes.slice().buffer }));
  }
  close(code: number): void {
    this.dispatchEvent(Object.assign(new Event('close'), { code }));
  }
}

function start() {
  const sockets: FakeSocket[] = [];
  const client = createSocketClient(() => {
    const socket = new FakeSocket();
    sockets.push(socket);
    return socket as unknown as WebSocket;
  });
  const states: string[] = [];
  client.onConnection((state) => states.push(state));
  const last = (): FakeSocket => {
    const socket = sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  };
  return { client, sockets, states, last };
}

describe('the socket client', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('answers find their requests in whatever order they come', async () => {
    const { client, last } = start();
    last().open();
    const first = client.request('turn.heard', { turnId: 'a' });
    const second = client.request('turn.heard', { turnId: 'b' });
    const [one, two] = last().sent;
    expect(two?.input).toEqual({ turnId: 'b' });
    last().say({ id: two?.id ?? 0, result: { ok: false, error: { code: 'turn/not-found' } } });
    last().say({ id: one?.id ?? 0, result: { ok: true, value: null } });
    expect(await first).toEqual({ ok: true, value: null });
    expect(await second).toEqual({ ok: false, error: { code: 'turn/not-found' } });
  });

  test('sound crosses as bytes, in both directions', () => {
    const { client, last } = start();
    last().open();
    const heard: Uint8Array[] = [];
    client.on('turn.speech', ({ pcm }) => heard.push(pcm));
    void client.request('take.append', { takeId: 't', sequence: 0, pcm: Uint8Array.of(1, 2, 3, 4) });
    expect(last().sent[0]?.input).toEqual({ takeId: 't', sequence: 0, pcm: Uint8Array.of(1, 2, 3, 4) });
    last().say({ event: 'turn.speech', payload: { pcm: Uint8Array.of(9, 8) } });
    expect(heard).toEqual([Uint8Array.of(9, 8)]);
  });

  test('without a connection a request fails at once', async () => {
    const { client } = start();
    expect(await client.request('app.snapshot', {})).toEqual({ ok: false, error: { code: 'app/disconnected' } });
  });

  test('a cut answers what is in flight and connects again with growing pauses', async () => {
    const { client, sockets, states, last } = start();
    last().open();
    const flying = client.request('app.snapshot', {});
    last().close(1006);
    expect(await flying).toEqual({ ok: false, error: { code: 'app/disconnected' } });
    expect(states).toEqual(['connecting', 'open', 'lost']);

    vi.advanceTimersByTime(retryDelayMs(0));
    expect(sockets).toHaveLength(2);
    last().close(1006);
    vi.advanceTimersByTime(retryDelayMs(1) - 1);
    expect(sockets).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(sockets).toHaveLength(3);
    last().open();
    expect(states).toEqual(['connecting', 'open', 'lost', 'open']);

    // Once connected, the pauses start small again.
    last().close(1006);
    vi.advanceTimersByTime(retryDelayMs(0));
    expect(sockets).toHaveLength(4);
  });

  test('taken over by another tab, it waits to be asked', () => {
    const { client, sockets, states, last } = start();
    last().open();
    last().close(4001);
    vi.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
    expect(states.at(-1)).toBe('taken');
    client.takeBack();
    client.takeBack();
    expect(sockets).toHaveLength(2);
    last().open();
    expect(states.at(-1)).toBe('open');
  });

  test('the pauses grow to five seconds and no further', () => {
    expect([0, 1, 2, 3, 4, 5, 50].map(retryDelayMs)).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
  });
});
