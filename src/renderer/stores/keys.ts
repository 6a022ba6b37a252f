/** What a key asks for. */
export type Command = 'talk' | 'talk-end' | 'hold-on' | 'replay' | 'slow' | 'text' | 'stop' | 'new-topic' | 'settings';

/**
 * Where the focus is: in a text field, in something modal (a dialog or an open menu), on a button or another control
 * that Space presses, or anywhere else.
 */
export type Focus = 'text' | 'modal' | 'control' | 'elsewhere';

export type KeyPress = Pick<
  KeyboardEvent,
  'type' | 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'repeat' | 'isComposing'
> & {
  /** Deprecated, and yet all that tells that an input method takes the key which begins or ends its composing. */
  readonly keyCode: number;
};

/** The key code of a key that an input method has taken for itself. */
const takenByInputMethod = 229;

const letters: Readonly<Record<string, Command>> = { r: 'replay', s: 'slow', t: 'text', n: 'hold-on' };

/**
 * The command of a key, or null where the key is none of ours. In a text field only what cannot be typed works: Esc
 * and the two Ctrl keys. While an input method composes, and in dialogs and menus, nothing does.
 */
export function commandFor(press: KeyPress, focus: Focus): Command | null {
  if (press.isComposing || press.keyCode === takenByInputMethod) return null;
  // The end of a hold counts wherever the focus went meanwhile: a take must never go on by itself.
  if (press.type === 'keyup') return press.code === 'Space' ? 'talk-end' : null;
  if (focus === 'modal' || press.altKey || press.metaKey) return null;
  if (press.ctrlKey) {
    if (press.shiftKey || press.repeat) return null;
    if (press.key.toLowerCase() === 'n') return 'new-topic';
    return press.key === ',' ? 'settings' : null;
  }
  if (press.key === 'Escape') return 'stop';
  if (focus === 'text' || press.shiftKey) return null;
  // Repeats of Space are still ours, so that they do not scroll the page or press a button.
  if (press.code === 'Space') return focus === 'control' ? null : 'talk';
  return press.repeat ? null : (letters[press.key.toLowerCase()] ?? null);
}

/** Whether Enter in the text box sends: not while an input method composes, nor with Shift, which breaks the line. */
export function enterSends(
  press: Pick<KeyPress, 'key' | 'shiftKey' | 'isComposing' | 'keyCode' | 'ctrlKey' | 'altKey'>,
): boolean {
  return (
    press.key === 'Enter' &&
    !press.shiftKey &&
    !press.altKey &&
    !press.isComposing &&
    press.keyCode !== takenByInputMethod
  );
}
