import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createUnpacker } from '../core/models/archive-unpacker.js';
import { readCatalogue } from '../core/models/catalogue.js';
import { readMachineFacts } from '../core/models/machine-facts.js';
import { openModelSettings } from '../core/models/model-settings.js';
import { openModelStore } from '../core/models/model-store.js';
import { modelsOptions, modelsUsage, runModelsCommand } from '../core/models/models-command.js';
import { createNetwork } from '../core/network.js';
import { proxyAddress } from '../core/proxy-address.js';
import { createWebPorts, defaultUserData } from './ports.js';

// npm run models: the app's own store of models, without the app.
const root = resolve(import.meta.dirname, '../..');
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    stop.abort(new Error('Stopped. What came is kept: the same command goes on with it.'));
  });
}

// Whoever reads us through `head` has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

class UsageError extends Error {}

/** A terminal shows one line that changes; a file or a pipe gets none of it. */
function progress(line: string): void {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K${line}`);
}
function print(line: string): void {
  console.log(process.stdout.isTTY ? `\r\x1b[K${line}` : line);
}

try {
  const args = process.argv.slice(2);
  const { values } = parseArgs({ args, options: modelsOptions, allowPositionals: true });
  const userData = resolve(values['user-data'] ?? defaultUserData());
  const ports = createWebPorts({ root, userData });
  if (values.proxy !== undefined && proxyAddress(values.proxy) === null)
    throw new UsageError(
      '--proxy 要填 HTTP 代理的地址，例如 http://127.0.0.1:7890。\n' +
        '--proxy takes the address of an HTTP proxy, e.g. http://127.0.0.1:7890.',
    );
  const settings = await openModelSettings(join(userData, 'models.json'), ports.log);
  const mirrors = [...(values.mirror ?? []), ...settings.current.mirrors];
  const network = createNetwork({
    fetch: ports.fetch,
    secrets: ports.secrets,
    settings: { ...settings, current: { proxy: values.proxy ?? settings.current.proxy } },
  });
  const store = await openModelStore({
    folder: resolve(values.folder ?? settings.current.folder ?? join(userData, 'models')),
    bundled: join(ports.paths.resources, 'starter'),
    fetch: network.fetch,
    clock: ports.clock,
    log: ports.log,
    mirrors: () => mirrors,
    unpack: createUnpacker(() => ports.spawnWorker('archive')),
  });
  process.exitCode = await runModelsCommand(args, {
    store,
    catalogue: await readCatalogue(ports.paths.resources),
    signal: stop.signal,
    // Which GPU there is, only the recogniser knows.
    machine: () => readMachineFacts(store.folder, null),
    print,
    progress,
  });
} catch (error) {
  const isUsage =
    error instanceof UsageError || String((error as { code?: unknown }).code).startsWith('ERR_PARSE_ARGS');
  if (stop.signal.aborted || isUsage) print(`${(error as Error).message}${isUsage ? `\n\n${modelsUsage}` : ''}`);
  else console.error(error);
  process.exitCode = isUsage ? 2 : 1;
}
