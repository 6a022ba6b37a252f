import { describe, expect, it } from 'vitest';
import { sceneIds } from '../../../shared/contract/topic.js';
import { sceneById, scenes } from './scenes.js';

describe('scenes', () => {
  it('has one for each id of the contract, in its order', () => {
    expect(scenes.map(({ id }) => id)).toEqual(sceneIds);
    expect(sceneById('ordering-food').theme).toEqual({ zh: '点餐', en: 'Ordering food' });
  });
});
