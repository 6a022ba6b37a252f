// dev: a private store for a developer, until Ctrl+C.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connectAsAdmin, readAdminUrl } from './admin-connection.mjs';
import { install } from './install.mjs';
import { startMariaDb } from './private-server.mjs';

export async function runDevelopmentStore({ folder, port }) {
  // Without a folder of its own it leaves nothing behind.
  const place = folder ? resolve(folder) : mkdtempSync(join(tmpdir(), 'botchat-store-'));
  const server = await startMariaDb({ folder: place, port: port === undefined ? undefined : Number(port) });
  const stopped = new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, resolve);
  });
  try {
    const url = `mysql://root@localhost:${server.port}/botchat?ca=${encodeURIComponent(server.certificates.ca)}`;
    const address = readAdminUrl(url);
    const admin = await connectAsAdmin(address);
    try {
      // Told each time: a folder that is used again gets another port.
      const { ca } = server.certificates;
      await install(admin, { address, host: 'localhost', port: String(server.port), ca });
    } finally {
      await admin.end();
    }
    console.log(
      `Admin URL, for the other commands:\n\n${url}\n\nCtrl+C ends the server${folder ? '' : ' and removes it'}.`,
    );
    await stopped;
  } finally {
    await server.stop();
    if (!folder) rmSync(place, { recursive: true, force: true });
  }
}
