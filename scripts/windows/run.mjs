// The part of `npm run test:full` that is Windows: this project's tests in Windows' own Node.js, under wine.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { cannotUnderWine, notTriedUnderWine } from './cannot.mjs';
import { nodeEnvironment } from '../lib/node-runtime.mjs';
import { importProblems } from './imports.mjs';
import { stageForWindows } from './stage.mjs';
import { endWine, makeWine, startNode, windowsPath } from './wine.mjs';

const vitestFilters = [
  'src/shared',
  'src/main',
  'e2e/windows',
  'e2e/damaged-models.test.ts',
  'e2e/recognition.test.ts',
];
const accountFilters = ['e2e/account-store/desktops.test.ts', 'e2e/account-store/records.test.ts'];
/** The browser stays on Linux: loopback is shared. */
const browserFilters = ['first-conversation', 'hands-free', 'faults'];

/**
 * @param {{
 *   node: string,
 *   npm(args: readonly string[], options: { cwd: string }): void,
 *   count(status: string, name: string, reason: string): void,
 *   playwright(filters: readonly string[], env: Readonly<Record<string, string>>): Promise<void>,
 * }} tools `node`: the project's Node.js; `count` takes a result as `npm test` counts it; `playwright` runs the browser suite and counts itself
 */
export async function runWindowsTests({ node, npm, count, playwright }) {
  const folder = mkdtempSync(join(tmpdir(), 'botchat 张 三 windows '));
  const stage = join(folder, 'BotChat');
  let wine;
  try {
    console.log('— Windows: packages, and a Windows of its own');
    stageForWindows(stage, npm);
    for (const problem of importProblems(stage)) count('failed', `Windows: ${problem}`, '');
    count('passed', 'Windows: what the libraries import', '');
    wine = makeWine(join(folder, 'wine'), npm);
    for (const [path, reason] of notTriedUnderWine) count('pending', `Windows: ${path}`, reason);

    await runVitest({ wine, stage, folder, count }, 'tests', vitestFilters, {});
    await withAccountStore(node, join(folder, 'store'), async (url) => {
      if (url === 'none') count('pending', 'Windows: account store', 'no MariaDB');
      else
        await runVitest({ wine, stage, folder, count }, 'account store', accountFilters, {
          BOTCHAT_TEST_MYSQL_URL: url,
        });
    });
    await playwright(browserFilters, { BOTCHAT_TEST_WINE: JSON.stringify({ ...wine, stage }) });
  } finally {
    if (wine) endWine(wine);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Has a server of its own for the account store while `work` runs, which is told its URL. */
async function withAccountStore(node, folder, work) {
  const script = join(import.meta.dirname, 'account-store.mjs');
  const server = spawn(node, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'], env: nodeEnvironment(node) });
  const ended = once(server, 'exit');
  try {
    const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
    await work(line.trim());
  } finally {
    server.kill('SIGTERM');
    await ended;
  }
}

/** Runs part of the suite in Windows' Node.js, and counts it. */
async function runVitest({ wine, stage, folder, count }, title, filters, env) {
  console.log(`— Windows: ${title}`);
  const report = join(folder, `${title}.json`);
  const excluded = notTriedUnderWine.flatMap(([path]) => ['--exclude', path.endsWith('.ts') ? path : `${path}/**`]);
  const output = join(folder, `${title}.txt`);
  const vitest = startNode(
    wine,
    [
      windowsPath(join(stage, 'node_modules/vitest/vitest.mjs')),
      'run',
      ...filters,
      ...excluded,
      ...(title === 'tests' ? ['--exclude', 'src/main/core/sync/**'] : []),
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${windowsPath(report)}`,
    ],
    { cwd: stage, output, env },
  );
  // Under wine it does not always end by itself once it has reported.
  while (vitest.exitCode === null && vitest.signalCode === null && !existsSync(report)) await delay(500);
  endWine(wine);
  if (!existsSync(report)) {
    count('failed', `Windows: ${title}: no report: ${readFileSync(output, 'utf8').slice(-500)}`, '');
    return;
  }
  for (const { name, assertionResults } of JSON.parse(readFileSync(report, 'utf8')).testResults) {
    const file = relative(stage, name.replace(/^Z:/, '').replaceAll('\\', '/'));
    if (assertionResults.length === 0) count('failed', `Windows: ${file} does not load`, '');
    for (const { status, fullName, meta } of assertionResults) {
      const known = cannotUnderWine.find((each) => each.file.test(file) && each.name.test(fullName));
      const title = `Windows: ${file}: ${fullName}`;
      if (!known) count(status, title, meta?.skipReason ?? 'not wanted on Windows');
      else if (status === 'passed')
        count('failed', `${title}: it passes, and stands in scripts/windows/cannot.mjs`, '');
      else count('pending', title, known.reason);
    }
  }
}
