import { mkdirSync, openSync, renameSync, statSync, writeFileSync } from 'node:fs';
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

/**
 * Opens `botchat.log` in `folder`, keeping one older file once it has grown past 5 MB. Lines are JSON. Throws the
 * system's error where the file cannot be opened; what it answers never throws, whatever becomes of the disk or is in
 * the data: the log is asked for where something has gone wrong already.
 */
export function openFileLog(folder: string): Log {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'botchat.log');
  const logger = pino(
    {
      base: null,
      redact: { paths: secretFields, censor: '[redacted]' },
      serializers: { error: describeError },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    openLines(file, setAside(file)),
  );
  const write =
    (level: keyof Log) =>
    (message: string, data: Record<string, unknown> = {}) => {
      try {
        logger[level](data, message);
      } catch {
        // Something in the data cannot be written down. That it was said is worth knowing all the same.
        logger[level]({ unreadable: true }, message);
      }
    };
  return { info: write('info'), warn: write('warn'), error: write('error') };
}

/** Makes room for a new log where this one has grown. Answers why it could not: then the old one goes on. */
function setAside(file: string): unknown {
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largestLogBytes) renameSync(file, `${file}.1`);
    return null;
  } catch (error) {
    return error;
  }
}

/**
 * Appends lines to a file. pino's own destination ends the process on a full disk, by an `error` event that nobody
 * hears. Here what cannot be written is lost and counted, and the count is written when there is room again.
 */
function openLines(file: string, troubleBefore: unknown): { write(line: string): void } {
  const descriptor = openSync(file, 'a');
  let lost = 0;
  let isTorn = false;
  const note = (fields: object) => `${JSON.stringify({ level: 40, time: new Date().toISOString(), ...fields })}\n`;
  const write = (line: string) => {
    try {
      if (lost > 0)
        writeFileSync(descriptor, `${isTorn ? '\n' : ''}${note({ lost, msg: 'lines could not be written' })}`);
      lost = 0;
      isTorn = true;
      writeFileSync(descriptor, line);
      isTorn = false;
    } catch {
      lost += 1;
    }
  };
  if (troubleBefore !== null)
    write(note({ error: describeError(troubleBefore), msg: 'old log could not be set aside' }));
  return { write };
}

/** Only what is needed to find the fault: an error of a network library can carry whole requests, key included. */
function describeError(error: unknown): unknown {
  return error instanceof Error ? { name: error.name, message: error.message, stack: error.stack } : String(error);
}
