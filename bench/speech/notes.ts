/** What is said of each benchmark in docs/benchmarks.md, by the first word of its name. */
export const notes: Readonly<Record<string, { readonly what: string; readonly whyMissed?: string }>> = {
  P1: {
    what: `Ours is the whole app: the built web host with its workers, its page in Chromium, hold-to-talk, language "auto". Chromium's
fake microphone speaks a clip at real time; end of speech is the clip's last loud sample (above -40 dB) on the clock of a
worklet that hears what the page's microphone hears, and first audio is the first loud sample that a worklet behind the
page's output renders (\`bench/speech/page-clock.ts\`). The partner is a scripted endpoint on loopback: first token after
200 ms, then 40 a second. The naive app (\`bench/speech/naive-app.ts\`) has the same workers, models and endpoint, and does one
thing after the other; it has no page, and its clock stops when its sound is ready, which counts for it. The app's own pause
of 2.5 s between the arms lets its background work end.

P2 takes from the time between letting go and first audio what the stages take alone, measured after each turn on an idle
worker: one trimmed decoding of the clip, the tokens of the first clause at the partner's pace, its synthesis. P3 divides by
the longest path through the same stages, with recognition beside the 200 ms until the button is let go.`,
    whyMissed: `the partner bounds P1 here: the naive app waits some 2.2 s for the whole reply, and ours cannot begin before the 200 ms until
the button is let go, the 200 ms to the first token and the 8 or so tokens of the first clause. With engines that took no time
on either side the ratio would be about 5; with the stages of ours laid end to end without anything between them, about 6.5.
What P2 and P3 show beyond that is mostly the same decoding, which takes longer on two cores that the page, the host and the
detector use too; the remark counts the decodings and their time.`,
  },
  P4: {
    what: `Same model file, threads and clips, which are the tests' recordings, some joined; English is given to both. whisper-cli runs at
its own settings (5 beams, best of 5, the whole window of 30 s) in a process of its own, and what it counts itself is taken:
spectrogram, encoder, prompt, decoder, sampling; its loading is not. Ours is the app's worker, resident, from the call to the
answer in the calling process: greedy, once, with the context trimmed to the clip and 7 s more, token times included. The demo
model was taught single phrases: of a clip that joins several, either side may leave some out.`,
    whyMissed: `the context is trimmed less than the research behind the target assumed: 7 s of silence stay behind the clip instead of 2.5 s,
because with less the recogniser takes one sentence for another (docs/decisions/0007). And where a decoder ends by itself after
ten tokens, five beams cost whisper-cli little.`,
  },
  P5: {
    what: `The addon in a process of its own against whisper-cli from the same CMake tree, with the smallest model, since what is around
the engine weighs the most there: both load once and transcribe the same 5 s twice,
with whisper-cli's defaults in every option, fallbacks and timestamps included. The addon's time is the whole call, with what
whisper-cli leaves uncounted between its parts; whisper-cli's is the sum of its own timings.`,
    whyMissed: `see the remark: where encoder and decoder are as long on both sides, what is left is what the call counts and whisper-cli does
not. A machine that others use moves this ratio by more than the 2 % that the target allows; the fastest runs are the better
guide there.`,
  },
  P8: {
    what: `The app in Chromium, in the middle of an 80-token reply. Pressed: from the page's pointer event to the last loud sample of the
output. Hands-free: from the first loud sample of the learner's that reaches the page's microphone to the last loud one of the
output. Turns in which the reply made a pause of its own at that moment are left out. The output's latency, as the browser
reports it, is counted.`,
    whyMissed: `hands-free waits until the detector has heard a voice in two windows of 32 ms, so that a click silences nobody; the detector
itself needs about as long again to take a beginning for one. The browser and both ways over the socket come on top.`,
  },
  P10: {
    what: `One long reply, played to its end. A gap is a piece that the page scheduled later than the end of the one before it (by more than
1 ms). The remark holds the waveform against that: the output's length against the same pieces end to end.`,
  },
  P11: {
    what: `The voice alone, in its worker: the first piece that the app cuts from a reply, against the reply at once. It says how much of the
wait for a sound the cutting takes away; P1 has the whole way.`,
    whyMissed: 'a first clause of eight words of some seventy is an eighth; a call to the worker comes on top.',
  },
  P12: {
    what: `Sounds without a word (\`e2e/support/sounds.ts\`), in takes of 20 s. Ours is the app's recogniser with all its gates; whisper-cli
gets the same takes at its own settings. The demo model knows no noise at all, and makes up more than a real one would: the
figure says what the gates are worth, not how often Whisper hallucinates.`,
  },
  P13: {
    what: `The app is started; as soon as it says that it is ready, the button is pressed. The first turn also opens the microphone and
the audio output.`,
    whyMissed: 'the first turn opens the audio output and the first connection to the partner.',
  },
  P19: {
    what: `The most memory that each process had at once (VmHWM), libraries included: the app's two workers after a trimmed and a thorough
decoding of 8 s and a sentence, against whisper-cli on the same 8 s and a Node.js that does nothing but say the sentence. The
page and the core are not engines, and are not in it.`,
    whyMissed: `the recogniser's worker is a Node.js with the speech detector's ONNX Runtime in it, which whisper-cli has no part of; with a
model of this size that is a large share, with a larger one a smaller.`,
  },
  'recognition-cost': {
    what: `Greedy for ours; whisper-cli at its own settings but without fallbacks (\`-nf\`), since from about 15 s on the demo model understands
nothing and noise would climb the whole ladder. For the same reason the decoder's share at 20 and 30 s is not a real model's.`,
  },
  'reply-cost': {
    what: `From the key that sends a typed line to the first sound in the page, against the time in which the whole reply is written (200 ms,
then 40 tokens a second) and said at once.`,
  },
};

/** In which order they stand there. */
export const order = [
  'P1',
  'P4',
  'P5',
  'P8',
  'P10',
  'P11',
  'P12',
  'P13',
  'P19',
  'recognition-cost',
  'reply-cost',
] as const;
