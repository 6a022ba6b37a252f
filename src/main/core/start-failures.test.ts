import { expect, it } from 'vitest';
import { AppError, type ErrorCode } from '../../shared/errors.js';
import { startFailureWords } from './start-failures.js';

const places = { userData: '/home/小李/BotChat', userDataOption: '--user-data' };

it.each<[string, unknown]>([
  ...(['in-use', 'unwritable', 'disk-full', 'damaged', 'too-new'] as const).map((code): [string, unknown] => [
    code,
    new AppError(`profile/${code}` satisfies ErrorCode),
  ]),
  ['what nobody foresaw', new Error('no such thing')],
  ['a system’s own code', Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })],
])('says why it does not start in both languages, and where the data is: %s', (_, error) => {
  const words = startFailureWords(error, places);
  expect(words).toMatch(/\p{Script=Han}.*\n.*BotChat|\p{Script=Han}.*\n.*data/u);
  expect(words).toContain(places.userData);
});

it('knows what one host alone can meet with', () => {
  const error = Object.assign(new Error('listen EADDRINUSE'), { code: 'EADDRINUSE' });
  const words = startFailureWords(error, places, { EADDRINUSE: ['端口已被占用。', 'The port is taken.'] });
  expect(words).toBe('端口已被占用。\nThe port is taken.\n\nEADDRINUSE: listen EADDRINUSE');
});
