import { z } from 'zod';
import { isHlc, maxDriftMs, parseHlc, type Hlc } from './hlc.js';
import { isSyncedKind } from './synced-columns.js';

/** A record as an account store tells it, when it has been read: a stranger's value no more. */
export interface IncomingRecord {
  readonly kind: string;
  readonly id: string;
  readonly parent: { readonly kind: string; readonly id: string } | null;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly clocks: Readonly<Record<string, Hlc>>;
  /** The clock of its deletion. */
  readonly deleted: Hlc | null;
}

/** Whatever a store says of its time: no clock of today is later than 2100. */
const endOfTimeMs = Date.UTC(2100, 0);

/** In characters of JSON; a store takes far less in one record. */
const mostCharacters = 1_000_000;
const mostFields = 64;

const kind = z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/);
const id = z.string().regex(/^[A-Za-z0-9_.:-]{1,64}$/);
const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/);
const clock = z.string().refine(isHlc);
const schema = z.object({
  kind,
  id,
  parent: z.object({ kind, id }).nullable(),
  fields: z.record(name, z.json()),
  clocks: z.record(name, clock),
  deleted: clock.nullable(),
});

/**
 * The latest clock that is believed, Unix time in ms: what the store's time and ours allow, whichever is later, since a
 * machine's own clock may be years behind. Twice the drift: one for the store's own limit, one for the way.
 */
export function latestBelievedMs(nowMs: number, serverTimeMs: number): number {
  const serverMs = Number.isFinite(serverTimeMs) ? Math.min(serverTimeMs, endOfTimeMs) : 0;
  return Math.max(nowMs, serverMs) + 2 * maxDriftMs;
}

/** The record, or null where no app of ours can have sent it. `latestMs` as `latestBelievedMs` tells it. */
export function readIncoming(record: unknown, latestMs: number): IncomingRecord | null {
  const parsed = schema.safeParse(record);
  if (!parsed.success) return null;
  const { data } = parsed;
  const isBelieved = (each: Hlc) => parseHlc(each).ms <= latestMs;
  if (data.deleted !== null && !isBelieved(data.deleted)) return null;
  if (!Object.values(data.clocks).every(isBelieved)) return null;
  if (Object.keys(data.fields).length > mostFields) return null;
  if (JSON.stringify(data.fields).length > mostCharacters) return null;
  // The interface asks for topics and turns by ids of this form alone.
  const isOurs = isSyncedKind(data.kind);
  if (isOurs && !z.uuid().safeParse(data.id).success) return null;
  if (isOurs && data.parent !== null && !z.uuid().safeParse(data.parent.id).success) return null;
  return data;
}
