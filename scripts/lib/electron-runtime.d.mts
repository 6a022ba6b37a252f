export function electronPath(): string | null;

export function fetchElectron(options: {
  /** How long not a byte may come, in ms. */
  readonly stallMs: number;
  /** In bytes; `total` is null where the server does not say. */
  onProgress(received: number, total: number | null): void;
}): Promise<void>;

export function whyElectronWouldAbort(machine: {
  readonly electron: string;
  readonly uid: number | null;
  readSetting(path: string): string | null;
}): string | null;
