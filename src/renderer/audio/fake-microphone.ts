import type { Result } from '../../shared/errors.js';
import type { CaptureListener, Microphone, OpenMicrophone } from './microphone.js';

/** A microphone into which a test speaks. */
export function createFakeMicrophone() {
  let listener: CaptureListener | null = null;
  let releases = 0;
  let opened: Promise<Result<OpenMicrophone>> = Promise.resolve({ ok: true, value: { standIn: null } });
  const microphone: Microphone = {
    open: () => opened,
    capture: (next) => {
      listener = next;
      return {
        stop: () => {
          listener = null;
          return Promise.resolve();
        },
      };
    },
    level: () => 0,
    choose: () => undefined,
    releaseAfterTakes: () => undefined,
    release: () => {
      releases += 1;
    },
  };
  return {
    microphone,
    opens(result: Promise<Result<OpenMicrophone>>): void {
      opened = result;
    },
    hear: (pcm: Int16Array): void => listener?.chunk(pcm),
    mute: (muted: boolean): void => listener?.muted(muted),
    unplug: (): void => listener?.lost('microphone/unplugged'),
    /** How many times it was let go. */
    releases: (): number => releases,
    capturing: (): boolean => listener !== null,
  };
}
