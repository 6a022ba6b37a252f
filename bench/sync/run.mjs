// npm run bench:sync -- [--json] [--plots] [--large]
//   --json   one JSON object per row on stdout, everything else on stderr
//   --plots  redraws docs/plots/sync-time.svg
//   --large  growth up to 100,000 conversations on MariaDB
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const flags = new Set(process.argv.slice(2));
const unknown = [...flags].filter((flag) => !['--json', '--plots', '--large'].includes(flag));
if (unknown.length > 0) {
  console.error(`Unknown: ${unknown.join(' ')}. There are --json, --plots and --large.`);
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'botchat-bench-'));
const rows = join(folder, 'rows.jsonl');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--config', 'bench/sync/vitest.config.ts'], {
  cwd: root,
  stdio: ['inherit', flags.has('--json') ? 2 : 'inherit', 'inherit'],
  env: {
    ...process.env,
    BOTCHAT_BENCH_ROWS: rows,
    ...(flags.has('--plots') && { BOTCHAT_BENCH_PLOTS: join(root, 'docs/plots') }),
    ...(flags.has('--large') && { BOTCHAT_BENCH_LARGE: '1' }),
  },
});
if (flags.has('--json') && existsSync(rows)) process.stdout.write(readFileSync(rows, 'utf8'));
rmSync(folder, { recursive: true, force: true });
process.exit(status ?? 1);
