// A process of its own, so that its timers do not wait for the client's work: a way to a server that takes time, and is
// counted. Arguments: the server's port, and the delay each way in ms; tells its port, and on any message its counts.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

const [port = 0, delayMs = 0] = process.argv.slice(2).map(Number);
const counts = { connections: 0, open: 0, up: 0, down: 0 };

function pass(from: Socket, to: Socket, direction: 'up' | 'down'): void {
  // Timers of one length fire in the order in which they were set: the bytes stay in order.
  const later = (work: () => void) => {
    if (delayMs === 0) work();
    else setTimeout(work, delayMs);
  };
  from.on('data', (data: Buffer) => {
    counts[direction] += data.length;
    later(() => to.write(data));
  });
  from.on('end', () => {
    later(() => to.end());
  });
  from.on('error', () => to.destroy());
  from.on('close', () => {
    later(() => to.destroySoon());
  });
}

const server = createServer({ noDelay: true, allowHalfOpen: true }, (near) => {
  const far = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  counts.connections += 1;
  counts.open += 1;
  near.on('close', () => (counts.open -= 1));
  pass(near, far, 'up');
  pass(far, near, 'down');
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
process.on('message', () => process.send?.({ ...counts }));
process.on('disconnect', () => process.exit());
