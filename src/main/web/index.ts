import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../../shared/errors.js';
import { createCore } from '../core/core.js';
import { profileError } from '../core/data/database.js';
import type { Log } from '../core/ports.js';
import { createWebPorts, defaultUserData } from './ports.js';
import { startWebServer } from './server.js';

const usage = 'Usage: web [--port N] [--user-data FOLDER]';
const root = resolve(import.meta.dirname, '../..');

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, 'user-data': { type: 'string' } },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`--port must be a number from 0 to 65535.\n${usage}`);
  process.exit(2);
}

const userData = values['user-data'] ?? defaultUserData();
let log: Log | null = null;
try {
  const ports = createWebPorts({ root, userData });
  log = ports.log;
  const core = await createCore(ports);
  const server = await startWebServer({ core, log: ports.log, rendererFolder: join(root, 'out/renderer'), port });
  core.start();
  console.log(`BotChat is open at ${server.openUrl()}`);
  console.log('The address works once. Press Ctrl+C to stop.');

  let closing = false;
  const close = () => {
    if (closing) return;
    closing = true;
    void server
      .close()
      .then(() => core.dispose())
      .then(() => process.exit(0));
  };
  process.on('SIGINT', close);
  process.on('SIGTERM', close);
} catch (error) {
  log?.error('start failed', { error });
  console.error(startFailure(error));
  process.exit(1);
}

/** Why BotChat does not start, in words that say what to do. */
function startFailure(thrown: unknown): string {
  const folder = userData;
  const error = profileError(thrown);
  const code = error instanceof AppError ? error.code : ((error as NodeJS.ErrnoException).code ?? '');
  const words: Record<string, string> = {
    'profile/in-use': `BotChat is running already with the data in ${folder}. Close it first.`,
    'profile/unwritable': `BotChat cannot write to ${folder}. Check the folder's permissions, or give another with --user-data.`,
    'profile/disk-full': `The disk is full: BotChat cannot write to ${folder}. Free some space and start again.`,
    'profile/damaged': `The database in ${folder} is damaged and could not be restored from a backup. Move that folder away and start again; keep it, it holds your recordings.`,
    'profile/too-new': `The data in ${folder} was made by a newer BotChat. Start that one.`,
    EADDRINUSE: `Port ${String(port)} is taken. Give another with --port, or none for any free port.`,
  };
  return words[code] ?? `BotChat could not start: ${String(error)}\nThe log is in ${join(folder, 'logs')}.`;
}
