import { contextBridge, ipcRenderer } from 'electron';
import type { ContractBridge } from '../shared/contract/bridge.js';
import { eventChannel, requestChannel } from '../shared/contract/wire.js';
import type { Result } from '../shared/errors.js';

const bridge: ContractBridge = {
  request: (route, input) => ipcRenderer.invoke(requestChannel, route, input) as Promise<Result<unknown>>,
  on: (listener) => {
    const forward = (_event: unknown, name: string, payload: unknown) => {
      listener(name, payload);
    };
    ipcRenderer.on(eventChannel, forward);
    return () => ipcRenderer.off(eventChannel, forward);
  },
};

contextBridge.exposeInMainWorld('botchat', bridge);
