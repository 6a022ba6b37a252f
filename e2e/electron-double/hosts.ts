import { mkdtempSync, readFileSync, rmSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Output } from '../../src/shared/contract/contract.js';
import type { Result } from '../../src/shared/errors.js';
import { startHost, type HostProcess } from './host-process.js';

/** Hosts in folders of their own, for the tests of one file; all are gone when it ends. */

export const scratch = mkdtempSync(join(tmpdir(), 'botchat-host-'));
const running = new Set<HostProcess>();

afterAll(() => {
  for (const host of running) host.kill();
  rmSync(scratch, { recursive: true, force: true });
});

export function newFolder(name = 'data'): string {
  const parent = mkdtempSync(join(scratch, 'run-'));
  // One test starts the host as another user.
  for (const folder of [scratch, parent]) chmodSync(folder, 0o755);
  return join(parent, name);
}

export function start(userData: string, env: Readonly<Record<string, string>> = {}, uid?: number): HostProcess {
  const host = startHost({ env: { BOTCHAT_USER_DATA: userData, ...env }, uid });
  running.add(host);
  void host.exit.then(() => running.delete(host));
  return host;
}

export async function startAndWait(
  userData = newFolder(),
  env: Readonly<Record<string, string>> = {},
): Promise<HostProcess> {
  const host = start(userData, env);
  await host.started();
  return host;
}

export async function snapshot(host: HostProcess): Promise<Output<'app.snapshot'>> {
  const result = (await host.call('request', 'app.snapshot', {})) as Result<Output<'app.snapshot'>>;
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
}

export async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = performance.now() + 300_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`not within minutes: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function readLog(userData: string): string {
  return readFileSync(join(userData, 'logs', 'botchat.log'), 'utf8');
}

/** The workers' process ids, once both have been launched. */
export async function workerPids(host: HostProcess): Promise<number[]> {
  let pids: number[] = [];
  await until('workers', async () => {
    pids = (await host.call('workers')).flatMap(({ pid }) => pid ?? []);
    return pids.length === 2;
  });
  return pids;
}
