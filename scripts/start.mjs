// npm start: makes the project ready and opens the app.
//   --web          the web host in the browser, even where Electron is there
//   --no-open      only print its address
//   --port N, --user-data FOLDER   passed on to the web host
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { nodeEnvironment, root } from './lib/node-runtime.mjs';
import { setUp } from './setup.mjs';

const options = parseOptions();
try {
  const node = await setUp();
  const electron = options.web ? null : await findElectron(node);
  if (electron) startElectron(electron, node);
  else startWebHost(node);
} catch (error) {
  console.error(`\n${error.message}`);
  process.exit(1);
}

function parseOptions() {
  try {
    return parseArgs({
      options: {
        web: { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
        port: { type: 'string' },
        'user-data': { type: 'string' },
      },
    }).values;
  } catch (error) {
    console.error(`${error.message}\nUsage: npm start -- [--web] [--no-open] [--port N] [--user-data FOLDER]`);
    process.exit(2);
  }
}

/** The Electron runtime, fetched at its first use; null, with the reason in words, where it cannot be had or shown. */
async function findElectron(node) {
  const instead = 'Opening BotChat as a local web page instead of its own window.';
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    console.log(`No display. ${instead}`);
    return null;
  }
  const { electronPath, whyElectronWouldAbort } = await import('./lib/electron-runtime.mjs');
  if (!electronPath()) {
    console.log('Fetching the Electron runtime (once, about 120 MB) …');
    const fetchScript = join(root, 'scripts/fetch-electron.mjs');
    spawnSync(node, [fetchScript], { stdio: 'inherit', env: nodeEnvironment(node) });
  }
  const electron = electronPath();
  const reason =
    electron && whyElectronWouldAbort({ electron, uid: process.getuid?.() ?? null, readSetting: readKernelSetting });
  if (reason) console.log(reason);
  if (electron && !reason) return electron;
  console.log(instead);
  return null;
}

function readKernelSetting(name) {
  const file = join('/proc/sys', name);
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
}

function startElectron(electron, node) {
  const env = {
    ...nodeEnvironment(node),
    ...(options['user-data'] ? { BOTCHAT_USER_DATA: options['user-data'] } : {}),
  };
  spawn(electron, [root], { stdio: 'inherit', env }).on('exit', (code) => process.exit(code ?? 1));
}

function startWebHost(node) {
  const args = [join(root, 'out/main/web.js')];
  if (options.port !== undefined) args.push('--port', options.port);
  if (options['user-data'] !== undefined) args.push('--user-data', options['user-data']);
  const host = spawn(node, args, { stdio: ['ignore', 'pipe', 'inherit'], env: nodeEnvironment(node) });
  let opened = false;
  host.stdout.setEncoding('utf8').on('data', (text) => {
    process.stdout.write(text);
    const url = /http:\/\/\S+/.exec(text)?.[0];
    if (url && !opened && !options['no-open']) openBrowser(url);
    opened ||= url !== undefined;
  });
  host.on('exit', (code) => process.exit(code ?? 1));
  // Ctrl+C reaches the host by itself; a polite end from elsewhere is passed on. Either way it saves before it goes.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => host.kill('SIGTERM'));
}

function openBrowser(url) {
  const [command, args] =
    process.platform === 'win32'
      ? ['cmd', ['/c', 'start', '', url]]
      : [process.platform === 'darwin' ? 'open' : 'xdg-open', [url]];
  // Where there is no browser to open, the address is on the screen.
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
