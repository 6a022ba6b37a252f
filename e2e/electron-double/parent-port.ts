import type { ParentPort } from 'electron';

// Loaded with `node --import` before a worker: gives it the port that Electron gives a utility process.
type Listener = (event: { data: unknown; ports: [] }) => void;

const parentPort = {
  postMessage(message: unknown) {
    process.send?.(message);
  },
  on(_event: 'message', listener: Listener) {
    process.on('message', (data) => {
      listener({ data, ports: [] });
    });
  },
};

Object.assign(process, { parentPort: parentPort satisfies Pick<ParentPort, 'postMessage'> });
process.on('disconnect', () => process.exit(0));
