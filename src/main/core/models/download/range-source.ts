import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** How patient a download is with a host. */
export interface HostLimits {
  /** Without a byte for so long, a host is left, ms. */
  readonly stallMs: number;
  /** So long a host may be slower than `slowBytesPerSecond`, ms. */
  readonly slowWindowMs: number;
  readonly slowBytesPerSecond: number;
}

export const hostLimits: HostLimits = { stallMs: 20_000, slowWindowMs: 30_000, slowBytesPerSecond: 4096 };

interface HostErrorOptions {
  readonly isWrong?: boolean;
  readonly isSlow?: boolean;
  readonly isProxy?: boolean;
  readonly cause?: unknown;
}

/** Why a host is not gone on with. */
export class HostError extends Error {
  /** It answers with something else than the file: asking again would not help. */
  readonly isWrong: boolean;
  /** It sends nothing, or next to nothing: another may be better. */
  readonly isSlow: boolean;
  /** Not the host failed but the proxy on the way to it. */
  readonly isProxy: boolean;

  constructor(message: string, { isWrong = false, isSlow = false, isProxy = false, cause }: HostErrorOptions = {}) {
    super(message, { cause });
    this.isProxy = isProxy;
    this.isWrong = isWrong;
    this.isSlow = isSlow;
  }
}

export interface RangeRequest {
  readonly url: string;
  /** The first byte, and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** How long the whole file must be. */
  readonly total: number;
  /** What the host called this version of the file when it was last asked. */
  readonly etag: string | null;
}

export interface Range {
  readonly etag: string | null;
  /** The host sends parts of files. */
  readonly takesRanges: boolean;
  /** The host has another version of the file than it had. */
  readonly isChanged: boolean;
  /** The bytes from `from` on, however many the host sends; rejects with a `HostError`, or the signal's reason. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Some hosts refuse programs that do not look like a browser (design of the catalogue: ModelScope). */
const userAgent = 'Mozilla/5.0 (compatible; BotChat)';

/**
 * Asks a host for a part of a file; an address of `file:` is a folder on this machine or its network. Rejects with a
 * `HostError` where it does not send it, or with the signal's reason.
 */
export async function openRange(
  fetch: typeof globalThis.fetch,
  request: RangeRequest,
  limits: HostLimits,
  signal: AbortSignal,
): Promise<Range> {
  if (request.url.startsWith('file:')) return openFile(request);
  const watch = watchHost(limits, signal);
  try {
    const response = await fetch(request.url, {
      headers: {
        'User-Agent': userAgent,
        // A compressed answer has other bytes at each place.
        'Accept-Encoding': 'identity',
        Range: `bytes=${String(request.from)}-${String(request.to - 1)}`,
        ...(request.etag !== null && request.from > 0 ? { 'If-Range': request.etag } : {}),
      },
      signal: watch.signal,
    });
    watch.heard(0);
    return { ...readAnswer(response, request), body: readBody(response, request, watch) };
  } catch (error) {
    watch.end();
    throw watch.reason(error);
  }
}

/** What the head of an answer says; throws a `HostError` where it is not the file that was asked for. */
function readAnswer(response: Response, { from, total, etag }: RangeRequest): Omit<Range, 'body'> {
  const { status, headers } = response;
  const refuse = (reason: string, isWrong = true, isProxy = false): never => {
    void response.body?.cancel().catch(() => undefined);
    throw new HostError(reason, { isWrong, isProxy });
  };
  if (status === 407) refuse('the proxy wants a name and a password (407)', true, true);
  const isBusy = status >= 500 || status === 408 || status === 429;
  if (status !== 200 && status !== 206) refuse(`HTTP ${String(status)}`, !isBusy);
  // A hotel's or a firewall's page says 200, too.
  if (/^text\/html\b/i.test(headers.get('content-type') ?? '')) refuse('a web page in the place of the file');
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (encoding !== 'identity') refuse(`sent as ${encoding}`);
  if (status === 206) {
    const [, start, whole] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers.get('content-range') ?? '') ?? [];
    if (Number(start) !== from) refuse(`another part: ${String(headers.get('content-range'))}`);
    if (whole !== '*' && Number(whole) !== total) refuse(`another length: ${String(whole)}`);
  } else {
    const length = headers.get('content-length');
    if (length !== null && Number(length) !== total) refuse(`another length: ${length}`);
  }
  // A weak one (`W/…`) does not promise the same bytes.
  const given = headers.get('etag');
  const now = given?.startsWith('"') ? given : null;
  return { etag: now, takesRanges: status === 206, isChanged: etag !== null && now !== null && now !== etag };
}

async function* readBody(
  response: Response,
  { from }: RangeRequest,
  watch: HostWatch,
): AsyncGenerator<Uint8Array, void, undefined> {
  // A host that sends the whole file sends what is here already, too.
  let toSkip = response.status === 206 ? 0 : from;
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  try {
    if (!reader) throw new HostError('an empty answer');
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      watch.heard(value.length);
      const skipped = Math.min(toSkip, value.length);
      toSkip -= skipped;
      if (skipped < value.length) yield value.subarray(skipped);
    }
  } catch (error) {
    throw watch.reason(error);
  } finally {
    watch.end();
    // Whoever has had enough closes the connection.
    await reader?.cancel().catch(() => undefined);
  }
}

async function openFile({ url, from, to, total, etag }: RangeRequest): Promise<Range> {
  const path = fileURLToPath(url);
  const found = await stat(path).catch((error: unknown) => {
    throw new HostError(String(error), { isWrong: true, cause: error });
  });
  if (found.size !== total) throw new HostError(`another length: ${String(found.size)}`, { isWrong: true });
  const now = `"${String(found.mtimeMs)}"`;
  return {
    etag: now,
    takesRanges: true,
    isChanged: etag !== null && etag !== now,
    body: createReadStream(path, { start: from, end: to - 1, highWaterMark: 2 ** 20 }),
  };
}

interface HostWatch {
  readonly signal: AbortSignal;
  /** So many bytes have come. */
  heard(bytes: number): void;
  /** What an error means: the caller's own reason, what the watch found, or the host's failure. */
  reason(error: unknown): unknown;
  end(): void;
}

/** Leaves a host that falls silent, or that is too slow for too long. */
function watchHost({ stallMs, slowWindowMs, slowBytesPerSecond }: HostLimits, signal: AbortSignal): HostWatch {
  const gaveUp = new AbortController();
  const either = AbortSignal.any([signal, gaveUp.signal]);
  const giveUp = (reason: string) => {
    gaveUp.abort(new HostError(reason, { isSlow: true }));
  };
  let stall = setTimeout(giveUp, stallMs, 'no answer');
  let windowBytes = 0;
  const slow = setInterval(() => {
    if (windowBytes < (slowBytesPerSecond * slowWindowMs) / 1000) giveUp('too slow');
    windowBytes = 0;
  }, slowWindowMs);
  return {
    signal: either,
    heard(bytes) {
      windowBytes += bytes;
      clearTimeout(stall);
      stall = setTimeout(giveUp, stallMs, 'stalled');
    },
    reason(error) {
      if (signal.aborted) return signal.reason as unknown;
      if (gaveUp.signal.aborted) return gaveUp.signal.reason as unknown;
      if (error instanceof HostError) return error;
      const { message, cause } = error as Error;
      // A proxy of one's own says so by its code, the system's by Chromium's name for it.
      const isProxy = (error as { code?: unknown }).code === 'ERR_PROXY' || /net::ERR_(PROXY|TUNNEL)/.test(message);
      return new HostError(cause instanceof Error ? `${message}: ${cause.message}` : message, {
        isProxy,
        cause: error,
      });
    },
    end() {
      clearTimeout(stall);
      clearInterval(slow);
    },
  };
}
