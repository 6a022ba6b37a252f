import { describe, expect, test } from 'vitest';
import type { TopicPage } from '../../shared/contract/topic.js';
import {
  isBeingAnswered,
  noConversation,
  withEarlierPage,
  withoutTake,
  withPage,
  withTake,
  withTurn,
  type ConversationState,
} from './conversation-state.js';
import { sampleTake, sampleTopic, sampleTurn } from './sample-views.js';

const open: ConversationState = { ...noConversation, topicId: 'topic', load: 'loading' };
const page = (change: Partial<TopicPage>): TopicPage => ({
  topic: sampleTopic('topic'),
  turns: [],
  hasEarlier: false,
  takes: [],
  ...change,
});
const ids = (state: ConversationState) => state.turns.map(({ id }) => id);

describe('the conversation', () => {
  test('a turn takes its place by its id, and is replaced where it stands', () => {
    const three = ['2', '3', '1'].map((id) => sampleTurn(id)).reduce(withTurn, open);
    expect(ids(three)).toEqual(['1', '2', '3']);
    const changed = withTurn(three, sampleTurn('2', { state: 'failed' }));
    expect(changed.turns[1]?.response.state).toBe('failed');
    expect(changed.turns[0]).toBe(three.turns[0]);
  });

  test('a turn older than what is loaded waits for its page', () => {
    const loaded = withPage(open, page({ turns: [sampleTurn('5'), sampleTurn('7')], hasEarlier: true }));
    expect(withTurn(loaded, sampleTurn('2'))).toBe(loaded);
    expect(ids(withTurn(loaded, sampleTurn('6')))).toEqual(['5', '6', '7']);
    expect(ids(withTurn({ ...loaded, hasEarlier: false }, sampleTurn('2')))).toEqual(['2', '5', '7']);
    const told = withPage(withTurn(open, sampleTurn('2')), page({ turns: [sampleTurn('5')], hasEarlier: true }));
    expect(ids(told)).toEqual(['5']);
  });

  test('a turn or take of another topic changes nothing', () => {
    expect(withTurn(open, sampleTurn('1', {}, 'other'))).toBe(open);
    expect(withTake(open, sampleTake('1', { topicId: 'other' }))).toBe(open);
  });

  test('what events told while the page was on its way is newer than the page', () => {
    const told = withTake(
      withTurn(open, sampleTurn('2', { state: 'streaming' })),
      sampleTake('t2', { state: 'failed' }),
    );
    const state = withPage(
      told,
      page({
        turns: [sampleTurn('1'), sampleTurn('2', { state: 'pending' })],
        takes: [sampleTake('t1'), sampleTake('t2')],
        hasEarlier: true,
      }),
      new Set(['t1']),
    );
    expect(ids(state)).toEqual(['1', '2']);
    expect(state.turns[1]?.response.state).toBe('streaming');
    expect(state.takes).toEqual([sampleTake('t2', { state: 'failed' })]);
    expect([state.load, state.hasEarlier]).toEqual(['ready', true]);
  });

  test('a page of another topic is dropped', () => {
    expect(withPage(open, page({ topic: sampleTopic('other') }))).toBe(open);
    expect(withEarlierPage(open, page({ topic: sampleTopic('other') }))).toBe(open);
  });

  test('earlier turns come before, each once', () => {
    const state = withTurn({ ...open, hasEarlier: true, loadingEarlier: true }, sampleTurn('3'));
    const more = withEarlierPage(state, page({ turns: [sampleTurn('1'), sampleTurn('2'), sampleTurn('3')] }));
    expect(ids(more)).toEqual(['1', '2', '3']);
    expect([more.hasEarlier, more.loadingEarlier]).toEqual([false, false]);
  });

  test('a take goes when it has become a turn', () => {
    expect(withoutTake(withTake(open, sampleTake('a')), 'a').takes).toEqual([]);
  });

  test('a turn is being answered until it ends one way or another', () => {
    const states = ['pending', 'streaming', 'complete', 'interrupted', 'failed'] as const;
    expect(states.map((state) => isBeingAnswered(sampleTurn('1', { state })))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
