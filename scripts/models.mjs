// npm run models -- COMMAND: the app's store of models without the app; src/main/core/models/models-command.ts says how it
// is used.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { nodeEnvironment, root } from './lib/node-runtime.mjs';
import { setUpApp } from './setup.mjs';

try {
  const node = setUpApp();
  const child = spawn(node, [join(root, 'out/main/models.js'), ...process.argv.slice(2)], {
    stdio: 'inherit',
    // npm starts us in the project's folder; paths are meant from where whoever asks is.
    cwd: process.env.INIT_CWD ?? process.cwd(),
    env: { ...nodeEnvironment(node), NODE_USE_ENV_PROXY: '1' },
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
  // Ctrl+C reaches it by itself; it keeps what came and says so.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
