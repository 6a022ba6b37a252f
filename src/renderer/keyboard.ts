import type { Session } from './session.js';
import { commandFor, type Command, type Focus } from './stores/keys.js';

/** Where the focus is. */
function focusNow(root: Document): Focus {
  if (root.querySelector('dialog[open], [popover]:popover-open') !== null) return 'modal';
  const active = root.activeElement;
  if (active instanceof HTMLElement && active.closest('input, textarea, select, [contenteditable]') !== null) {
    return 'text';
  }
  return 'elsewhere';
}

/** Carries the keys of the whole window to the session; returns what ends that. */
export function listenToKeys(window: Window, session: Session): () => void {
  /** Whether the take that is being recorded is held by Space. */
  let holding = false;
  /** Whether Space went down as the key to talk: then its release is not a click on what has the focus. */
  let ours = false;

  function endHold(): void {
    if (!holding) return;
    holding = false;
    session.stopTalking();
  }

  function talk(): void {
    if (session.app.store.getState().facts?.settings.talkMode === 'hold') {
      holding = true;
      session.startTalking();
    } else if (session.talk.store.getState().phase === 'idle') session.startTalking();
    else session.stopTalking();
  }

  function run(command: Exclude<Command, 'talk' | 'talk-end'>): void {
    const turn = session.lastTurn();
    switch (command) {
      case 'replay':
        if (turn !== undefined) session.replay(turn);
        return;
      case 'slow':
        if (turn !== undefined) session.replaySlowly(turn);
        return;
      case 'text':
        if (turn !== undefined) session.toggleText(turn);
        return;
      case 'stop':
        session.stop();
        return;
      case 'hold-on':
        session.holdOn();
        return;
      case 'new-topic':
        session.shell.show({ kind: 'new-topic' });
        return;
      case 'settings':
        session.shell.show({ kind: 'settings', section: 'chat' });
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
    if (command !== 'talk') run(command);
    else if (!event.repeat) {
      ours = true;
      talk();
    }
  }

  /** The release of a key that is held while another window comes to the front is never told. */
  function blurred(): void {
    ours = false;
    const { talkMode } = session.app.store.getState().facts?.settings ?? {};
    holding = false;
    if (talkMode === 'hold') session.stopTalking();
  }

  const unlock = () => {
    session.playback.unlock();
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
