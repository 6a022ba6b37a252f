import { expect, test } from 'vitest';
import { createNoticesStore, subject } from './notices-store.js';

test('the same thing is told once, and no more than three at a time', () => {
  const notices = createNoticesStore();
  notices.error({ code: 'take/too-short' });
  notices.word('micReady');
  notices.error({ code: 'take/too-short' });
  const codes = () => notices.store.getState().notices.map(subject);
  // "Too short" and "ready now" of two presses would contradict each other: the newest is true.
  expect(codes()).toEqual(['take/too-short']);
  notices.error({ code: 'chat/server' });
  notices.error({ code: 'profile/disk-full' });
  expect(codes()).toEqual(['take/too-short', 'chat/server', 'profile/disk-full']);
  notices.dismiss(notices.store.getState().notices[0]?.id ?? 0);
  expect(codes()).toEqual(['chat/server', 'profile/disk-full']);
});
