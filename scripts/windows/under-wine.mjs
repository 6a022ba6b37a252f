// Loaded before everything that the tests run under wine: what wine 8 cannot and Windows can.
import { Socket } from 'node:net';

// TCP_KEEPIDLE: the connection of a socket that asks for it fails with UNKNOWN. Nothing tested depends on it.
Socket.prototype.setKeepAlive = function setKeepAlive() {
  return this;
};
