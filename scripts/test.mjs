// npm test: makes the project ready and runs everything that a change can break.
// npm run test:full: the same, then what takes long and guards little that changes.
// Both end with one line: N passed, N failed, N skipped.
//   --only checks|unit|account|e2e|full|windows    one part alone: account is the account store's suite, on real
//                                                  servers; windows is Windows' Node.js under wine
//   --full                                         the everyday parts, then full and windows
// The everyday parts run in two lanes side by side, so their lines are mixed; the end names what failed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWhisper } from './build-whisper.mjs';
import { nodeEnvironment, npm, root } from './lib/node-runtime.mjs';
import { ensureTestTools } from './lib/test-tools.mjs';
import { setUp } from './setup.mjs';
import { runWindowsTests } from './windows/run.mjs';
import { whyNoWine } from './windows/wine.mjs';

const processes = ['shared', 'main', 'preload', 'renderer', 'tools'];
const results = join(root, 'test-results');

/** What runs only in the part called full: it needs builds of several minutes, or tries every value there is. */
const longTests = [
  'native/whisper/backends.test.ts',
  'e2e/gpu-trial.test.ts',
  'e2e/account-store/session-settings.test.ts',
];
/** What the part called full runs once more, many times over. */
const repeatedTests = [
  'e2e/engine-faults.test.ts',
  'e2e/damaged-models.test.ts',
  'e2e/account-store/faults.test.ts',
  'e2e/account-store/interrupted.test.ts',
  'e2e/account-store/upgrade-killed.test.ts',
  'src/main/core/models/download/download.test.ts',
  'src/main/core/models/install-killed.test.ts',
  'src/main/core/sync/sync-service.test.ts',
];
const accountTests = ['e2e/account-store', 'src/main/core/sync'];

const { values: options } = parseArgs({
  options: { only: { type: 'string' }, full: { type: 'boolean', default: false } },
});
const parts = {
  checks: runChecks,
  // Vitest leaves one processor free; of two that is half. (The account store's share a server: one after the other.)
  unit: (node) =>
    runVitest(node, 'vitest.json', [
      '--maxWorkers=2',
      ...without([...accountTests.map((path) => `${path}/**`), ...longTests]),
    ]),
  account: (node) => runVitest(node, 'vitest-account.json', [...accountTests, ...without(longTests)]),
  e2e: runEndToEndTests,
  full: runFullTests,
  windows: runWindows,
};
/**
 * What runs side by side: the browser's tests mostly wait for sounds to be played, and leave most of two processors to
 * the others. None has a deadline that a busy machine misses.
 */
const everydayLanes = [['checks', 'unit', 'account'], ['e2e']];
if (options.only !== undefined && !Object.hasOwn(parts, options.only)) {
  console.error(`--only takes one of: ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}

let passed = 0;
const failed = [];
const skipped = [];

try {
  const node = await setUp();
  const tools = ensureTestTools();
  mkdirSync(results, { recursive: true });
  const inLane = async (names) => {
    for (const name of names) await parts[name](node, tools);
  };
  if (options.only) await inLane([options.only]);
  else await Promise.all(everydayLanes.map(inLane));
  if (options.full) await inLane(['full', 'windows']);
  else console.log('\nleft to npm run test:full: Vulkan and release builds, Galera, full counts of faults, Windows');
} catch (error) {
  console.error(`\n${error.message}`);
  failed.push('set-up');
}

for (const { name, reason } of skipped) console.log(`skipped: ${name}: ${reason}`);
for (const name of failed) console.log(`failed: ${name}`);
console.log(`\n${String(passed)} passed, ${String(failed.length)} failed, ${String(skipped.length)} skipped`);
process.exit(failed.length === 0 ? 0 : 1);

/** The builds that only their own tests need, and every fault as often as docs/quality promises. */
async function runFullTests(node, tools) {
  // Where Vulkan cannot be built, its tests say so themselves.
  if (tools.vulkan) await buildBackends('vulkan');
  await buildBackends('release');
  await runVitest(node, 'vitest-long.json', longTests);
  await runEndToEndTests(node, tools, ['through-the-microphone'], { BOTCHAT_FULL: '1' });
  await runVitest(node, 'vitest-galera.json', ['--config', 'e2e/account-store/galera.config.ts']);
  await runVitest(node, 'vitest-repeated.json', repeatedTests, {
    BOTCHAT_FULL: '1',
    SYNC_SEEDS: '200',
    SYNC_OPERATIONS: '1000',
  });
}

async function runWindows(node, tools) {
  const reason = whyNoWine();
  if (reason !== null) {
    skipped.push({ name: 'Windows', reason });
    return;
  }
  await buildBackends('windows');
  await runWindowsTests({
    node,
    npm: (args, place) => {
      npm(node, args, place);
    },
    count,
    playwright: (filters, env) => runEndToEndTests(node, tools, filters, env),
  });
}

/** Vitest's arguments that leave tests out. */
function without(patterns) {
  return patterns.flatMap((pattern) => ['--exclude', pattern]);
}

async function buildBackends(kind) {
  try {
    await buildWhisper({ kind });
  } catch (error) {
    console.error(`\n${error.message}`);
    failed.push(`build: ${kind}`);
  }
}

/** Runs a package's command with the project's Node.js; answers whether it succeeded. */
async function runTool(node, script, args, env = {}) {
  const tool = spawn(node, [join(root, 'node_modules', script), ...args], {
    stdio: 'inherit',
    cwd: root,
    env: { ...nodeEnvironment(node), ...env },
  });
  const [code] = await once(tool, 'exit');
  return code === 0;
}

async function runChecks(node) {
  const checks = [
    ...processes.map((name) => [`types: ${name}`, 'typescript/bin/tsc', ['-p', `tsconfig.${name}.json`]]),
    ['lint', 'eslint/bin/eslint.js', ['.', '--max-warnings', '0']],
    [
      'directions',
      'dependency-cruiser/bin/dependency-cruiser.mjs',
      ['src', 'native/whisper', '--config', '.dependency-cruiser.mjs'],
    ],
    ['format', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']],
  ];
  for (const [name, script, args] of checks) {
    console.log(`— ${name}`);
    if (await runTool(node, script, args)) passed += 1;
    else failed.push(name);
  }
}

async function runVitest(node, name, filters, env = {}) {
  const report = freshReport(name);
  const ended = await runTool(
    node,
    'vitest/vitest.mjs',
    ['run', ...filters, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    env,
  );
  const files = readReport(report)?.testResults ?? [];
  const tests = files.flatMap((file) =>
    file.assertionResults.map((test) => ({ file: relative(root, file.name), ...test })),
  );
  for (const { status, fullName, file, meta } of tests)
    count(status, `${file}: ${fullName}`, meta?.skipReason ?? 'not wanted here');
  // A file that does not even load has no tests to fail.
  for (const file of files)
    if (file.status === 'failed' && file.assertionResults.length === 0) failed.push(relative(root, file.name));
  if (!ended && failed.length === 0) failed.push('vitest');
}

async function runEndToEndTests(node, tools, filters = [], env = {}) {
  if (!tools.chromium) {
    skipped.push({ name: 'end-to-end tests', reason: tools.missing });
    return;
  }
  const report = freshReport('playwright.json');
  const ended = await runTool(node, '@playwright/test/cli.js', ['test', ...filters], {
    BOTCHAT_CHROMIUM: tools.chromium,
    ...env,
  });
  const specs = allSpecs(readReport(report)?.suites ?? []);
  for (const { title, file, tests } of specs) {
    const test = tests[0];
    const status = { expected: 'passed', flaky: 'passed', unexpected: 'failed' }[test.status] ?? 'skipped';
    count(
      status,
      `e2e/${file}: ${title}`,
      test.annotations.find(({ type }) => type === 'skip')?.description ?? 'not wanted here',
    );
  }
  if (!ended && failed.length === 0) failed.push('playwright');
}

function allSpecs(suites) {
  return suites.flatMap((suite) => [...suite.specs, ...allSpecs(suite.suites ?? [])]);
}

function count(status, name, reason) {
  if (status === 'passed') passed += 1;
  else if (status === 'failed') failed.push(name);
  else skipped.push({ name, reason });
}

function freshReport(name) {
  const path = join(results, name);
  rmSync(path, { force: true });
  return path;
}

function readReport(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}
