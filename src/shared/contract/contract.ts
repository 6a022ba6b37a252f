import type { z } from 'zod';
import { accountRequests, type AccountEvents } from './account.js';
import { appRequests, type AppEvents } from './app.js';
import type { RequestDefinition } from './define.js';
import { modelsRequests, type ModelsEvents } from './models.js';
import { settingsRequests, type SettingsEvents } from './settings.js';
import { takeRequests, type TakeEvents } from './take.js';
import { topicRequests, type TopicEvents } from './topic.js';
import { turnRequests, type TurnEvents } from './turn.js';

/**
 * Everything that crosses between the interface and the core.
 * Requests are zod values, because what comes in is checked; events are types, because what goes out is ours.
 */
export const requests = {
  ...appRequests,
  ...settingsRequests,
  ...topicRequests,
  ...takeRequests,
  ...turnRequests,
  ...accountRequests,
  ...modelsRequests,
} satisfies Record<string, RequestDefinition>;

export type Requests = typeof requests;
export type Route = keyof Requests;
export type Input<R extends Route> = z.input<Requests[R]['input']>;
export type ParsedInput<R extends Route> = z.output<Requests[R]['input']>;
export type Output<R extends Route> = Requests[R] extends RequestDefinition<infer _Input, infer O> ? O : never;

export type Events = AppEvents & SettingsEvents & TopicEvents & TakeEvents & TurnEvents & AccountEvents & ModelsEvents;
export type EventName = keyof Events;

/** The handlers of some requests, exhaustive: a route without a handler, or the reverse, does not compile. */
export type Handlers<R extends Route> = {
  readonly [Name in R]: (input: ParsedInput<Name>) => Promise<Output<Name>> | Output<Name>;
};
