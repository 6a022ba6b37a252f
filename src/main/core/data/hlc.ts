/**
 * Hybrid logical clocks: time stamps that sort by when something happened, also between machines whose clocks differ,
 * as far as what they heard of one another tells (Kulkarni et al. 2014, "Logical Physical Clocks").
 *
 * As text a clock is `milliseconds-counter-machine` in hexadecimal (12, 4 and 16 digits): texts sort as clocks do. The
 * account store's routines read and make the same form.
 */
export type Hlc = string;

export interface HlcState {
  /** Unix time of the last stamp given or seen, ms. */
  readonly ms: number;
  /** How many stamps that millisecond has had, less one. */
  readonly counter: number;
  /** 16 hexadecimal digits: this machine, in this account. */
  readonly node: string;
}

/** How far ahead of the store's time a clock may be, ms. */
export const maxDriftMs = 5 * 60_000;

const form = /^[0-9a-f]{12}-[0-9a-f]{4}-[0-9a-f]{16}$/;
const maxCounter = 0xffff;

export function isHlc(text: string): boolean {
  return form.test(text);
}

export function formatHlc({ ms, counter, node }: HlcState): Hlc {
  return `${ms.toString(16).padStart(12, '0')}-${counter.toString(16).padStart(4, '0')}-${node}`;
}

/** Throws a `RangeError` for what is no clock. */
export function parseHlc(clock: Hlc): HlcState {
  if (!isHlc(clock)) throw new RangeError(`no clock: ${clock}`);
  return {
    ms: Number.parseInt(clock.slice(0, 12), 16),
    counter: Number.parseInt(clock.slice(13, 17), 16),
    node: clock.slice(18),
  };
}

/** The next stamp of this machine: later than every stamp it gave or saw, whatever its own clock says (`nowMs`). */
export function tick(state: HlcState, nowMs: number): HlcState {
  if (nowMs > state.ms) return { ...state, ms: nowMs, counter: 0 };
  if (state.counter < maxCounter) return { ...state, counter: state.counter + 1 };
  return { ...state, ms: state.ms + 1, counter: 0 };
}

/** After seeing a stamp of another machine: what is stamped from now on is later than that. */
export function receive(state: HlcState, seen: Hlc): HlcState {
  const { ms, counter } = parseHlc(seen);
  return compareHlc(formatHlc({ ms, counter, node: state.node }), formatHlc(state)) > 0
    ? { ...state, ms, counter }
    : state;
}

/** Below 0: `a` is earlier; above: later. Never 0 for stamps of two machines. */
export function compareHlc(a: Hlc, b: Hlc): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * A stamp more than `maxDriftMs` ahead of the store's time is brought back to just beyond that limit; `order` keeps
 * several apart. Not to the store's time itself: the same machine may have stamped something a little ahead of it
 * before, which nobody objected to, and what it wrote later must stay later.
 */
export function clamp(clock: Hlc, serverMs: number, order = 0): Hlc {
  const { ms, node } = parseHlc(clock);
  return ms > serverMs + maxDriftMs ? formatHlc({ ms: serverMs + maxDriftMs + 1, counter: order, node }) : clock;
}
