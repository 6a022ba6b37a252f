import type { ViewModel } from './view-model.js';
import { commandFor, type Command, type Focus } from './stores/keys.js';

/** Where the focus is. */
function focusNow(root: Document): Focus {
  if (root.querySelector('dialog[open], [popover]:popover-open') !== null) return 'modal';
  const active = root.activeElement;
  if (active instanceof HTMLElement && active.closest('input, textarea, select, [contenteditable]') !== null) {
    return 'text';
  }
  // The talk button does what Space does everywhere.
  if (active instanceof HTMLElement && active.closest('button, a[href], summary, [role=radio]') !== null)
    return active.closest('[data-talk]') === null ? 'control' : 'elsewhere';
  return 'elsewhere';
}

/** Carries the keys of the whole window to the session; returns what ends that. */
export function listenToKeys(window: Window, viewModel: ViewModel): () => void {
  /** Whether the take that is being recorded is held by Space. */
  let holding = false;
  /** Whether Space went down as the key to talk: then its release is not a click on what has the focus. */
  let ours = false;

  function endHold(): void {
    if (!holding) return;
    holding = false;
    viewModel.stopTalking();
  }

  function talk(): void {
    if (viewModel.app.store.getState().facts?.settings.talkMode === 'hold') {
      holding = true;
      viewModel.startTalking();
    } else if (viewModel.talk.store.getState().phase === 'idle') viewModel.startTalking();
    else viewModel.stopTalking();
  }

  function execute(command: Exclude<Command, 'talk' | 'talk-end'>): void {
    const turn = viewModel.lastTurn();
    switch (command) {
      case 'replay':
        if (turn !== undefined) viewModel.replay(turn);
        return;
      case 'slow':
        if (turn !== undefined) viewModel.replaySlowly(turn);
        return;
      case 'text':
        if (turn !== undefined) viewModel.toggleText(turn);
        return;
      case 'stop':
        viewModel.stop();
        return;
      case 'hold-on':
        viewModel.holdOn();
        return;
      case 'new-topic':
        viewModel.shell.show({ kind: 'new-topic' });
        return;
      case 'settings':
        viewModel.shell.show({ kind: 'settings', section: 'chat' });
        return;
    }
  }

  function pressed(event: KeyboardEvent): void {
    const command = commandFor(event, focusNow(window.document));
    if (command === null) return;
    if (command === 'talk-end') {
      if (ours) event.preventDefault();
      ours = false;
      endHold();
      return;
    }
    event.preventDefault();
    if (command !== 'talk') execute(command);
    else if (!event.repeat) {
      ours = true;
      talk();
    }
  }

  /** The release of a key that is held while another window comes to the front is never told. */
  function blurred(): void {
    ours = false;
    const { talkMode } = viewModel.app.store.getState().facts?.settings ?? {};
    holding = false;
    if (talkMode === 'hold') viewModel.stopTalking();
  }

  const unlock = () => {
    viewModel.playback.unlock();
  };
  window.addEventListener('keydown', pressed);
  window.addEventListener('keyup', pressed);
  window.addEventListener('blur', blurred);
  window.addEventListener('pointerdown', unlock);
  window.addEventListener('keydown', unlock);
  return () => {
    window.removeEventListener('keydown', pressed);
    window.removeEventListener('keyup', pressed);
    window.removeEventListener('blur', blurred);
    window.removeEventListener('pointerdown', unlock);
    window.removeEventListener('keydown', unlock);
  };
}
