import type { Result } from '../../shared/errors.js';
import type { CaptureListener, Microphone } from './microphone.js';

/** A microphone into which a test speaks. */
export function createFakeMicrophone() {
  let listener: CaptureListener | null = null;
  let opened: Promise<Result<null>> = Promise.resolve({ ok: true, value: null });
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
    release: () => undefined,
  };
  return {
    microphone,
    opens(result: Promise<Result<null>>): void {
      opened = result;
    },
    hear: (pcm: Int16Array): void => listener?.chunk(pcm),
    unplug: (): void => listener?.lost('microphone/unplugged'),
    capturing: (): boolean => listener !== null,
  };
}
