import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

const dieWhenTold = pathToFileURL(join(import.meta.dirname, 'die-when-told.mjs')).href;

/** A running web host. */
export interface Host {
  readonly url: string;
  /** SIGTERM asks it to end, SIGKILL ends it as a power cut does. Windows knows only the latter. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** The process ids of its workers with this name. */
  workers(name: 'whisper' | 'sherpa'): number[];
}

export interface HostOptions {
  readonly appRoot: string;
  readonly userData: string;
  /** Its workers die that are named in this file: see die-when-told.mjs. */
  readonly brokenFile: string;
}

/** How `npm run test:windows` has the host run as a Windows process: see scripts/windows. */
interface Wine {
  readonly node: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stage: string;
}
const wine = process.env.BOTCHAT_TEST_WINE ? (JSON.parse(process.env.BOTCHAT_TEST_WINE) as Wine) : null;

export function startHost(options: HostOptions): Promise<Host> {
  return wine ? startUnderWine(wine, options) : startHere(options);
}

async function startHere({ appRoot, userData, brokenFile }: HostOptions): Promise<Host> {
  const child = spawn(process.execPath, [join(appRoot, 'out/main/web.js'), '--user-data', userData], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_OPTIONS: `--import=${dieWhenTold}`, BOTCHAT_TEST_BROKEN: brokenFile },
  });
  let printed = '';
  const url = await new Promise<string>((found, failed) => {
    const read = (text: Buffer) => {
      printed += String(text);
      const address = addressIn(printed);
      if (address) found(address);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () => {
      failed(new Error(`the host ended: ${printed}`));
    });
  });
  return {
    url,
    end: (signal) => end(child, signal),
    workers: (name) => processes(['--ppid', String(child.pid)], `${name}-worker.js`),
  };
}

/** Windows' Node.js prints to a file. What it starts are processes of this machine, but no children of it. */
async function startUnderWine({ node, env, stage }: Wine, { userData, brokenFile }: HostOptions): Promise<Host> {
  const windowsPath = (path: string) => `Z:${path.replaceAll('/', '\\')}`;
  const printed = join(mkdtempSync(join(tmpdir(), 'botchat-host-')), 'printed');
  const output = openSync(printed, 'w');
  const loaded = pathToFileURL(join(stage, 'e2e/support/die-when-told.mjs')).pathname;
  const child = spawn(
    'wine',
    [node, windowsPath(join(stage, 'out/main/web.js')), '--user-data', windowsPath(userData)],
    {
      cwd: stage,
      stdio: ['ignore', output, output],
      env: {
        ...env,
        NODE_OPTIONS: `${env.NODE_OPTIONS ?? ''} --import=file:///Z:${loaded}`,
        BOTCHAT_TEST_BROKEN: windowsPath(brokenFile),
      },
    },
  );
  closeSync(output);
  for (;;) {
    const text = readFileSync(printed, 'utf8');
    const url = addressIn(text);
    if (url) {
      return {
        url,
        end: () => end(child, 'SIGKILL'),
        workers: (name) => processes(['-e'], windowsPath(join(stage, `out/main/${name}-worker.js`))),
      };
    }
    if (child.exitCode !== null) throw new Error(`the host ended: ${text}`);
    await delay(50);
  }
}

const addressIn = (printed: string): string | undefined => /http:\/\/\S+/.exec(printed)?.[0];

async function end(host: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (host.exitCode !== null || host.signalCode !== null) return;
  const ended = new Promise((resolve) => host.once('exit', resolve));
  host.kill(signal);
  await ended;
}

/** The processes among those `ps` selects whose command line contains `text`. */
function processes(selection: readonly string[], text: string): number[] {
  return execFileSync('ps', [...selection, '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(text))
    .map((line) => Number.parseInt(line, 10));
}
