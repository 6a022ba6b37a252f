import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createCore } from '../core/core.js';
import type { Log } from '../core/ports.js';
import { startFailureWords } from '../core/start-failures.js';
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
  const portTaken = [
    `端口 ${String(port)} 已被占用。请用 --port 指定另一个，或不指定，由系统选择。`,
    `Port ${String(port)} is taken. Give another with --port, or none for any free port.`,
  ] as const;
  console.error(startFailureWords(error, { userData, userDataOption: '--user-data' }, { EADDRINUSE: portTaken }));
  process.exit(1);
}
