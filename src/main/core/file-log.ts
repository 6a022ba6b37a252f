import { mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Log } from './ports.js';

const largestLogBytes = 5 * 1024 * 1024;

/** Fields that are never written, wherever they appear in the first levels of a log line's data. */
const secretFields = ['key', 'apiKey', 'password', 'token', 'authorization', 'secret'].flatMap((name) => [
  name,
  `*.${name}`,
  `*.*.${name}`,
]);

/** Opens `botchat.log` in `folder`, keeping one older file once it has grown past 5 MB. Lines are JSON. */
export function openFileLog(folder: string): Log {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'botchat.log');
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largestLogBytes) renameSync(file, `${file}.1`);
  const logger = pino(
    {
      base: null,
      redact: { paths: secretFields, censor: '[redacted]' },
      serializers: { error: describeError },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    pino.destination({ dest: file, sync: true }),
  );
  return {
    info: (message, data) => {
      logger.info(data ?? {}, message);
    },
    warn: (message, data) => {
      logger.warn(data ?? {}, message);
    },
    error: (message, data) => {
      logger.error(data ?? {}, message);
    },
  };
}

/** Only what is needed to find the fault: an error of a network library can carry whole requests, key included. */
function describeError(error: unknown): unknown {
  return error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : String(error);
}
