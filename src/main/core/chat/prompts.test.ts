import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatRequest, Exchange } from './chat-model.js';
import { bridgeMessages, replyMessages } from './prompts.js';
import { scenes } from './scenes.js';

const rolesOf = (request: ChatRequest) => replyMessages(request).map(({ role }) => role);
const request = (history: readonly Exchange[], sceneId: ChatRequest['sceneId'] = null): ChatRequest => ({
  theme: 'Weather',
  sceneId,
  history,
  prompt: 'And now?',
});

describe('what a model is told', () => {
  it('has roles that alternate, beginning and ending with the learner, whatever has failed before', () => {
    const side = fc.option(fc.constantFrom('', 'Hello.', 'I see. And you?'), { nil: null });
    const history = fc.array(fc.record({ prompt: side, response: side }), { maxLength: 50 });
    fc.assert(
      fc.property(history, (exchanges) => {
        const [system, ...roles] = rolesOf(request(exchanges));
        expect(system).toBe('system');
        expect(roles.length % 2).toBe(1);
        for (const [index, role] of roles.entries()) expect(role).toBe(index % 2 === 0 ? 'user' : 'assistant');
      }),
    );
  });

  it('keeps every word of turns without a reply, and of the opening line', () => {
    const messages = replyMessages(
      request([
        { prompt: null, response: 'Hi, I am Mia.' },
        { prompt: 'First.', response: null },
        { prompt: 'Second.', response: 'Good.' },
      ]),
    );
    expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(messages[0]?.content).toContain('Hi, I am Mia.');
    expect(messages[1]?.content).toBe('First.\nSecond.');
  });

  it('says once how to speak, in a scene and out of one', () => {
    for (const sceneId of [null, ...scenes.map(({ id }) => id)]) {
      const [system] = replyMessages(request([], sceneId));
      const content = JSON.stringify(system?.content);
      for (const rule of [/Markdown/g, /Always answer in English/g, /correct mistakes/g, /sentences, and usually end/g])
        expect(content.match(rule)).toHaveLength(1);
    }
  });

  it('is one system message and the words alone where English is wanted for Chinese', () => {
    expect(bridgeMessages(request([])).map(({ role }) => role)).toEqual(['system', 'user']);
  });
});
