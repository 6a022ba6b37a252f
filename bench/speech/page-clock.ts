/** A stretch of sound. Times are `Date.now()` of the moment at which the audio thread handled the sample, ms. */
export interface HeardStretch {
  readonly startTime: number;
  /** Of its last loud sample so far. */
  endTime: number;
  /** In samples of its audio context since that began. */
  readonly startFrame: number;
  endFrame: number;
}

/** What the page's own audio threads have seen since it was opened. */
export interface PageClock {
  /** What left for the loudspeaker. */
  readonly output: HeardStretch[];
  /** What came from the microphone, as the app gets it. */
  readonly microphone: HeardStretch[];
  /** When the talk button (or any other part of the page) was pressed and let go. */
  readonly pressed: number[];
  readonly released: number[];
  /** When Enter was pressed. */
  readonly sent: number[];
  /** Pieces of speech as the page has scheduled them on the audio clock, s. */
  readonly scheduled: { readonly startTime: number; readonly durationSeconds: number; readonly now: number }[];
  outputRateHz: number;
  /** By the browser's account, how much later than it is rendered a sound is heard, ms. */
  outputLatencyMs: number;
}

declare global {
  var benchClock: PageClock;
}

/**
 * Runs in the page before its own scripts: worklets listen to what goes to the loudspeaker and to what comes from the
 * microphone, sample by sample. Nothing of the app knows of it.
 */
export function installPageClock(): void {
  // A stretch ends where nothing louder than the floor comes for 10 ms.
  const worklet = `
    registerProcessor('bench-clock', class extends AudioWorkletProcessor {
      constructor({ processorOptions }) {
        super();
        this.floor = processorOptions.floor;
        this.stretch = null;
        this.reportedFrame = 0;
      }
      process([[samples]]) {
        const time = Date.now();
        let first = -1;
        let last = -1;
        for (let index = 0; samples && index < samples.length; index += 1) {
          if (Math.abs(samples[index]) <= this.floor) continue;
          if (first < 0) first = index;
          last = index;
        }
        if (last >= 0) {
          if (this.stretch === null) {
            this.stretch = { startTime: time, endTime: time, startFrame: currentFrame + first, endFrame: 0 };
            this.port.postMessage({ ...this.stretch, endFrame: currentFrame + last, begins: true });
          }
          this.stretch.endTime = time;
          this.stretch.endFrame = currentFrame + last;
        } else if (this.stretch !== null && currentFrame - this.stretch.endFrame > sampleRate / 100) {
          this.port.postMessage({ ...this.stretch, begins: false });
          this.stretch = null;
        }
        return true;
      }
    });`;
  const url = URL.createObjectURL(new Blob([worklet], { type: 'text/javascript' }));
  const clock: PageClock = {
    output: [],
    microphone: [],
    pressed: [],
    released: [],
    sent: [],
    scheduled: [],
    outputRateHz: 48_000,
    outputLatencyMs: 0,
  };
  globalThis.benchClock = clock;

  // The prototypes' own methods, to be called on whichever node is meant.
  const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => AudioNode;
  const createSource = AudioContext.prototype.createMediaStreamSource;
  const start = AudioBufferSourceNode.prototype.start;
  const loaded = new WeakMap<BaseAudioContext, Promise<AudioWorkletNode>>();

  async function listenerIn(context: BaseAudioContext, stretches: HeardStretch[], floor: number) {
    await context.audioWorklet.addModule(url);
    const node = new AudioWorkletNode(context, 'bench-clock', {
      channelCount: 1,
      channelCountMode: 'explicit',
      processorOptions: { floor },
    });
    node.port.onmessage = ({ data }: MessageEvent<HeardStretch & { readonly begins: boolean }>) => {
      const { begins, ...stretch } = data;
      if (stretches === clock.output && context instanceof AudioContext) {
        clock.outputLatencyMs = (context.baseLatency + context.outputLatency) * 1000;
      }
      if (begins) stretches.push(stretch);
      else stretches.splice(-1, 1, stretch);
    };
    // Silent, but a node that leads nowhere would not be run.
    connect.call(node, context.destination);
    return node;
  }

  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    if (args[0] instanceof AudioDestinationNode && this.context.sampleRate > 16_000 && this instanceof GainNode) {
      const { context } = this;
      clock.outputRateHz = context.sampleRate;
      const listener = loaded.get(context) ?? listenerIn(context, clock.output, 0.003);
      loaded.set(context, listener);
      void listener.then((node) => connect.call(this, node));
    }
    return connect.call(this, ...args);
  };
  AudioContext.prototype.createMediaStreamSource = function (this: AudioContext, stream) {
    const source = createSource.call(this, stream);
    void listenerIn(this, clock.microphone, 0.02).then((node) => connect.call(source, node));
    return source;
  };
  AudioBufferSourceNode.prototype.start = function (this: AudioBufferSourceNode, when = 0, ...rest: number[]) {
    clock.scheduled.push({
      startTime: when,
      durationSeconds: this.buffer?.duration ?? 0,
      now: this.context.currentTime,
    });
    start.call(this, when, ...(rest as []));
  };
  addEventListener('pointerdown', () => clock.pressed.push(Date.now()), { capture: true });
  addEventListener('pointerup', () => clock.released.push(Date.now()), { capture: true });
  const onKey = ({ key }: KeyboardEvent) => {
    if (key === 'Enter') clock.sent.push(Date.now());
  };
  addEventListener('keydown', onKey, { capture: true });
}
