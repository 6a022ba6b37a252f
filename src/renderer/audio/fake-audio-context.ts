/** An audio context whose clock is turned by hand, as far as the player uses one. For tests. */
export class FakeAudioContext extends EventTarget {
  currentTime = 0;
  outputLatency = 0;
  state = 'running';
  readonly destination = {};
  readonly sources: FakeSource[] = [];

  createGain() {
    return { connect: () => undefined, disconnect: () => undefined };
  }
  createMediaElementSource() {
    return { connect: (next: unknown) => next };
  }
  createBuffer(_channels: number, length: number, sampleRateHz: number) {
    return { duration: length / sampleRateHz, copyToChannel: () => undefined };
  }
  createBufferSource(): FakeSource {
    const source = new FakeSource();
    this.sources.push(source);
    return source;
  }
  resume(): Promise<void> {
    if (this.state === 'closed') return Promise.reject(new Error('closed'));
    this.state = 'running';
    return Promise.resolve();
  }
  close(): Promise<void> {
    return this.state === 'closed' ? Promise.reject(new Error('closed already')) : this.end('closed');
  }
  /** The system takes it away. */
  end(state: 'closed' | 'suspended' | 'interrupted'): Promise<void> {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
    return Promise.resolve();
  }
  /** Turns the clock, and ends what has ended by then. */
  advanceTo(seconds: number): void {
    this.currentTime = seconds;
    for (const source of this.sources) source.endBy(seconds);
  }
}

/** One scheduled piece. */
export class FakeSource {
  buffer: { readonly duration: number } | null = null;
  onended: (() => void) | null = null;
  startTime: number | null = null;
  /** Where in its sound it began, seconds. */
  offset = 0;
  stopped = false;
  private ended = false;

  connect(): void {
    return undefined;
  }
  start(at: number, offset = 0): void {
    this.startTime = at;
    this.offset = offset;
  }
  stop(): void {
    this.stopped = true;
  }
  endBy(seconds: number): void {
    if (this.ended || this.stopped || this.startTime === null) return;
    if (this.startTime + (this.buffer?.duration ?? 0) - this.offset > seconds) return;
    this.ended = true;
    this.onended?.();
  }
}

/** An audio element as far as the player uses one. */
export class FakeAudioElement extends EventTarget {
  src = '';
  currentTime = 0;
  duration = 0;
  playbackRate = 1;
  defaultPlaybackRate = 1;
  preservesPitch = false;
  paused = true;
  /** What the next `play()` rejects with. */
  failure: Error | null = null;

  play(): Promise<void> {
    this.paused = false;
    return this.failure === null ? Promise.resolve() : Promise.reject(this.failure);
  }
  pause(): void {
    this.paused = true;
  }
  removeAttribute(): void {
    this.src = '';
  }
}
