/** A wave, -1..1, at a time in s; `random` is new at each sample, -1..1. */
type Wave = (time: number, random: number) => number;

/** What a microphone hears where nobody speaks. From none of it may words come. */
export const notSpeech: Readonly<Record<string, Wave>> = {
  silence: () => 0,
  'a fan': (time, random) => 0.03 * random + 0.02 * Math.sin(2 * Math.PI * 50 * time),
  'loud noise': (_, random) => 0.3 * random,
  hum: (time) => 0.2 * Math.sin(2 * Math.PI * 100 * time) + 0.1 * Math.sin(2 * Math.PI * 200 * time),
  music,
  clicks: (time, random) => (time % 0.7 < 0.01 ? 0.8 * random : 0),
};

/** So many seconds of a wave at 16 kHz, the same in each run with the same seed. */
export function soundOf(wave: Wave, seconds: number, seed = 7): Int16Array {
  const random = seeded(seed);
  return Int16Array.from({ length: seconds * 16_000 }, (_, index) => 32_000 * wave(index / 16_000, 2 * random() - 1));
}

/** A chord that changes each half second, with overtones and a drum. */
function music(time: number, random: number): number {
  const roots = [220, 261.6, 196, 174.6];
  const root = roots[Math.floor(time * 2) % roots.length] ?? 220;
  const chord = [1, 1.25, 1.5].reduce(
    (sum, interval) =>
      sum +
      [1, 2, 3].reduce(
        (tone, harmonic) => tone + Math.sin(2 * Math.PI * root * interval * harmonic * time) / harmonic,
        0,
      ),
    0,
  );
  const decay = Math.exp(-6 * (time % 0.5));
  return 0.06 * chord * (0.4 + 0.6 * decay) + 0.2 * decay * decay * random;
}

/** Numbers from 0 to 1 that are the same in each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
