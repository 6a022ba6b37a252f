// npm run bench [-- P1 … | recognition-cost | reply-cost] [--json] [--turns N] [--size tiny|base|small] [--no-docs]
//   P5 P8      only the benchmarks with these names; without any, all of them (20 to 25 minutes)
//   --json     one JSON object per row on stdout, everything else on stderr
//   --turns    how often each thing is measured; default 20. Fewer are for trying out: docs are not written then
//   --size     of the recogniser; default base. Another one is not written to the docs either
//   --no-docs  leaves bench/speech/results.json, docs/benchmarks.md and docs/plots alone
//   --no-build takes the app and whisper-cli as they are
// Each benchmark that was measured is written at once, so a run that ends early can go on with the rest.
// Before: nothing else should be running. Needs Chromium for P1, P2, P3, P8, P10, P13 and reply-cost.
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildWhisper } from '../../scripts/build-whisper.mjs';

const root = resolve(import.meta.dirname, '../..');
const names = ['P1', 'P2', 'P3', 'P4', 'P5', 'P8', 'P10', 'P11', 'P12', 'P13', 'P19', 'recognition-cost', 'reply-cost'];
/** These have whisper-cli as their peer. */
const needCli = new Set(['P4', 'P5', 'P12', 'P19', 'recognition-cost']);

let options;
try {
  options = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      turns: { type: 'string', default: '20' },
      size: { type: 'string', default: 'base' },
      'no-docs': { type: 'boolean', default: false },
      'no-build': { type: 'boolean', default: false },
    },
  });
} catch (error) {
  stop(error.message);
}
const { values, positionals } = options;
const unknown = positionals.filter((name) => !names.includes(name));
if (unknown.length > 0) stop(`No such benchmark: ${unknown.join(' ')}. There are: ${names.join(' ')}`);
if (!(Number(values.turns) >= 1)) stop('--turns must be a number from 1 on');
if (!['tiny', 'base', 'small'].includes(values.size)) stop('--size must be tiny, base or small');

const wanted = positionals.length > 0 ? positionals : names;
if (!values['no-build']) {
  await buildWhisper({ cli: wanted.some((name) => needCli.has(name)), say: (line) => console.error(line) });
  const status = runTool('electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn']);
  if (status !== 0) process.exit(status);
}
const isPublished = !values['no-docs'] && Number(values.turns) >= 20 && values.size === 'base';
const status = runTool(
  '@playwright/test/cli.js',
  ['test', '-c', 'bench/speech/playwright.config.ts', '-g', `\\b(?:${wanted.join('|')})\\b`],
  {
    BOTCHAT_BENCH_TURNS: values.turns,
    BOTCHAT_BENCH_SIZE: values.size,
    ...(values.json && { BOTCHAT_BENCH_JSON: '1' }),
    ...(isPublished && { BOTCHAT_BENCH_PUBLISH: '1' }),
  },
);
if (isPublished) {
  const written = ['docs/benchmarks.md', 'bench/speech/results.json'];
  runTool('prettier/bin/prettier.cjs', ['--log-level', 'warn', '--write', ...written]);
}
process.exit(status);

/** Runs a package's command; answers its exit status. What a benchmark prints is the output of this script. */
function runTool(script, args, env = {}) {
  const isBenchmark = Object.keys(env).length > 0;
  const { status } = spawnSync(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    stdio: ['ignore', isBenchmark ? 'inherit' : 2, 'inherit'],
    env: { ...process.env, ...env },
  });
  return status ?? 1;
}

function stop(message) {
  console.error(message);
  process.exit(2);
}
