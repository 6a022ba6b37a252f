import { registerHooks } from 'node:module';

// Loaded with `node --import` before the built main process: from then on 'electron' is the double. Node strips the
// types of this folder by itself, but wants to be told that an import of `./x.js` here means `./x.ts`.
const folder = new URL('.', import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    // A native library that the system cannot load, for want of what it is linked with.
    if (specifier === process.env.ELECTRON_DOUBLE_UNLOADABLE)
      throw Object.assign(new Error(`${specifier}: cannot open shared object file`), { code: 'ERR_DLOPEN_FAILED' });
    if (specifier === 'electron') return { url: new URL('electron.ts', folder).href, shortCircuit: true };
    if (context.parentURL?.startsWith(folder) && specifier.startsWith('./')) {
      return nextResolve(specifier.replace(/\.js$/, '.ts'), context);
    }
    return nextResolve(specifier, context);
  },
});
