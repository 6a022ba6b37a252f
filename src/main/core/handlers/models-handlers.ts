import type { Handlers } from '../../../shared/contract/contract.js';
import type { modelsRequests } from '../../../shared/contract/models.js';
import type { Services } from './services.js';

export function modelsHandlers({ models }: Services): Handlers<keyof typeof modelsRequests> {
  const done = async (work: void | Promise<void>) => {
    await work;
    return null;
  };
  return {
    'models.list': () => models.view(),
    'models.install': ({ id }) => done(models.install(id)),
    'models.pause': ({ id }) => done(models.pause(id)),
    'models.cancel': ({ id }) => done(models.cancel(id)),
    'models.remove': ({ id }) => done(models.remove(id)),
    'models.verify': ({ id }) => done(models.verify(id)),
    'models.use': ({ id }) => done(models.use(id)),
    'models.setSpeaker': ({ speaker }) => done(models.setSpeaker(speaker)),
    'models.import': ({ path }) => models.import(path),
    'models.move': ({ folder }) => done(models.move(folder)),
    'models.setMirrors': ({ mirrors }) => done(models.setMirrors(mirrors)),
    'models.setProxy': ({ proxy }) => done(models.setProxy(proxy)),
  };
}
