import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { createMicrophone } from './audio/microphone.js';
import { createPlayer } from './audio/player.js';
import { createBridgeClient } from './client.js';
import { ErrorBoundary } from './error-boundary.js';
import { listenToKeys } from './keyboard.js';
import { createViewModel, ViewModelContext } from './view-model.js';
import { createSocketClient } from './socket-client.js';
import './styles/tokens.css';
import './styles/base.css';

const client =
  window.botchat === undefined
    ? createSocketClient(() => new WebSocket(`ws://${window.location.host}/contract`))
    : createBridgeClient(window.botchat);

const viewModel = createViewModel(
  client,
  // Missing where the page is not served securely.
  createMicrophone(navigator.mediaDevices),
  (listener) =>
    createPlayer(
      () => new AudioContext({ latencyHint: 'interactive' }),
      () => new Audio(),
      listener,
    ),
);
listenToKeys(window, viewModel);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <ViewModelContext value={viewModel}>
    <ErrorBoundary>
      <App />
    </ErrorBoundary>
  </ViewModelContext>,
);
