import type { ContractBridge } from '../shared/contract/bridge.js';

declare global {
  interface Window {
    /** Set by Electron's preload script; missing in the web host, where the contract comes over a WebSocket. */
    readonly botchat?: ContractBridge;
  }
}
