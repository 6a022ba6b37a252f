import { expect, test } from 'vitest';
import { layoutFor } from './layout.js';

test('columns give way as the window narrows or the text grows', () => {
  expect(layoutFor(1280 / 16, 840 / 16)).toEqual({ columns: 3, short: false });
  expect(layoutFor(900 / 16, 600 / 16)).toEqual({ columns: 2, short: false });
  expect(layoutFor(900 / 32, 600 / 32)).toEqual({ columns: 1, short: true });
  expect(layoutFor(3840 / 16, 2160 / 16).columns).toBe(3);
});
