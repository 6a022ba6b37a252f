import { describe, expect, test } from 'vitest';
import { commandFor, enterSends, type KeyPress } from './keys.js';

function press(change: Partial<KeyPress>): KeyPress {
  const plain = {
    type: 'keydown',
    key: 'x',
    code: 'KeyX',
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    repeat: false,
    isComposing: false,
    keyCode: 0,
  };
  return { ...plain, ...change };
}

const space = press({ key: ' ', code: 'Space' });

describe('the keys', () => {
  test('each has its command', () => {
    expect(commandFor(space, 'elsewhere')).toBe('talk');
    expect(commandFor(press({ key: ' ', code: 'Space', type: 'keyup' }), 'elsewhere')).toBe('talk-end');
    expect(commandFor(press({ key: 'r' }), 'elsewhere')).toBe('replay');
    expect(commandFor(press({ key: 'S' }), 'elsewhere')).toBe('slow');
    expect(commandFor(press({ key: 't' }), 'elsewhere')).toBe('text');
    expect(commandFor(press({ key: 'n' }), 'elsewhere')).toBe('hold-on');
    expect(commandFor(press({ key: 'Escape' }), 'elsewhere')).toBe('stop');
    expect(commandFor(press({ key: 'n', ctrlKey: true }), 'elsewhere')).toBe('new-topic');
    expect(commandFor(press({ key: ',', ctrlKey: true }), 'elsewhere')).toBe('settings');
    expect(commandFor(press({ key: 'x' }), 'elsewhere')).toBeNull();
  });

  test('Space presses the control that has the focus, and every other key works there', () => {
    expect(commandFor(space, 'control')).toBeNull();
    expect(commandFor(press({ key: 'r' }), 'control')).toBe('replay');
    expect(commandFor(press({ key: ' ', code: 'Space', type: 'keyup' }), 'control')).toBe('talk-end');
  });

  test('where text is typed, only what cannot be typed works', () => {
    for (const key of ['r', 's', 't', 'n']) expect(commandFor(press({ key }), 'text')).toBeNull();
    expect(commandFor(space, 'text')).toBeNull();
    expect(commandFor(press({ key: 'Escape' }), 'text')).toBe('stop');
    expect(commandFor(press({ key: 'n', ctrlKey: true }), 'text')).toBe('new-topic');
  });

  test('in a dialog or a menu none works, but the end of a hold always counts', () => {
    for (const change of [{ key: 'r' }, { key: 'Escape' }, { key: ',', ctrlKey: true }]) {
      expect(commandFor(press(change), 'modal')).toBeNull();
    }
    expect(commandFor(space, 'modal')).toBeNull();
    expect(commandFor(press({ code: 'Space', type: 'keyup' }), 'modal')).toBe('talk-end');
  });

  test('none works while an input method composes', () => {
    expect(commandFor(press({ key: 'r', isComposing: true }), 'elsewhere')).toBeNull();
    expect(commandFor(press({ key: 'Process', code: 'Space', keyCode: 229 }), 'elsewhere')).toBeNull();
    expect(commandFor(press({ key: 'Escape', isComposing: true }), 'text')).toBeNull();
  });

  test('other combinations belong to others', () => {
    expect(commandFor(press({ key: 'r', ctrlKey: true }), 'elsewhere')).toBeNull();
    expect(commandFor(press({ key: 's', altKey: true }), 'elsewhere')).toBeNull();
    expect(commandFor(press({ key: ' ', code: 'Space', shiftKey: true }), 'elsewhere')).toBeNull();
    expect(commandFor(press({ key: 'N', ctrlKey: true, shiftKey: true }), 'elsewhere')).toBeNull();
  });

  test('a key that is held acts once, but a held Space stays ours', () => {
    expect(commandFor(press({ key: 't', repeat: true }), 'elsewhere')).toBeNull();
    expect(commandFor({ ...space, repeat: true }, 'elsewhere')).toBe('talk');
  });

  test('Enter sends, but not while composing nor with Shift', () => {
    expect(enterSends(press({ key: 'Enter' }))).toBe(true);
    expect(enterSends(press({ key: 'Enter', shiftKey: true }))).toBe(false);
    expect(enterSends(press({ key: 'Enter', isComposing: true }))).toBe(false);
    expect(enterSends(press({ key: 'Enter', keyCode: 229 }))).toBe(false);
    expect(enterSends(press({ key: 'a' }))).toBe(false);
  });
});
