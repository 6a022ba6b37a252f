// Loaded into the host and its workers before anything else (see app.ts): a worker whose name is in the file that
// BOTCHAT_TEST_BROKEN names dies at once, as one does whose library crashes when it is loaded.
import { appendFileSync, existsSync, readFileSync } from 'node:fs';

const broken = process.env.BOTCHAT_TEST_BROKEN;
const script = process.argv[1] ?? '';
if (existsSync(broken)) {
  const [name] = readFileSync(broken, 'utf8').split('\n');
  if (script.endsWith(`${name}-worker.js`)) {
    appendFileSync(broken, `${String(process.pid)}\n`);
    process.kill(process.pid, 'SIGKILL');
  }
}
