import type { Certificates } from './private-server.mjs';

export function writeCertificates(
  folder: string,
  names: readonly string[],
  options?: { readonly days?: number; readonly signAs?: string },
): Certificates;
