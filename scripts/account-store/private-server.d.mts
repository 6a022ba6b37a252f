import type { ChildProcess } from 'node:child_process';

export interface Certificates {
  readonly ca: string;
  readonly caKey: string;
  readonly certificate: string;
  readonly key: string;
}

export interface PrivateServer {
  readonly folder: string;
  readonly socket: string;
  readonly port: number;
  readonly certificates: Certificates;
  readonly pid: number | undefined;
  /** Ends it and waits for that; with `kill` without asking. */
  stop(how?: { readonly kill?: boolean }): Promise<void>;
}

export interface StartOptions {
  readonly folder: string;
  readonly port?: number | undefined;
  readonly options?: readonly string[];
}

export function findMariaDb(): { readonly server: string; readonly installer: string } | null;
export function startMariaDb(options: StartOptions): Promise<PrivateServer>;
export function running(started: {
  readonly child: ChildProcess;
  readonly folder: string;
  readonly socket: string;
  readonly port: number;
  readonly certificates: Certificates;
}): Promise<PrivateServer>;
export function ensureCertificates(folder: string): Certificates;
export function tlsOptions(certificates: Certificates): readonly string[];
export const smallOptions: readonly string[];
export function freePort(): Promise<number>;
