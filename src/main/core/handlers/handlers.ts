import type { Handlers, Route } from '../../../shared/contract/contract.js';
import { accountHandlers } from './account-handlers.js';
import { appHandlers } from './app-handlers.js';
import { modelsHandlers } from './models-handlers.js';
import type { Services } from './services.js';
import { settingsHandlers } from './settings-handlers.js';
import { takeHandlers } from './take-handlers.js';
import { topicHandlers } from './topic-handlers.js';
import { turnHandlers } from './turn-handlers.js';

/** The handlers of the whole contract: each route of a domain's file has its line here, or this does not compile. */
export function createHandlers(services: Services): Handlers<Route> {
  return {
    ...appHandlers(services),
    ...settingsHandlers(services),
    ...topicHandlers(services),
    ...takeHandlers(services),
    ...turnHandlers(services),
    ...accountHandlers(services),
    ...modelsHandlers(services),
  };
}
