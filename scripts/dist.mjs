// npm run dist: makes the installers in release/ for the system it runs on (electron-builder.yml says what is in them).
// Builds what they need first: the app, and the recogniser's release build with Vulkan. Other arguments go to
// electron-builder, e.g. `npm run dist -- --linux deb`.
//
// --with-starter puts the starter pair of models into the installer, about 80 MB: nothing need be downloaded then. It
// comes by the app's own downloader; --mirror and --proxy are those of `npm run models`.
//
// Needs what scripts/build-whisper.mjs says for Vulkan, and Electron's runtime. BOTCHAT_WHISPER_FOLDER names the
// folder of another build of the recogniser, relative to the checkout, e.g. native/whisper/build/release/bin as it
// was left by `npm run build:whisper:release -- --with vulkan --with cuda`.
import { dirname, join, relative } from 'node:path';
import { buildWhisper } from './build-whisper.mjs';
import { nodeEnvironment, root, run } from './lib/node-runtime.mjs';
import { fetchStarter, readDistArguments } from './lib/starter.mjs';
import { setUp } from './setup.mjs';
import { findVcRuntime } from './windows/vc-runtime.mjs';

/** Answers its folder, relative to the checkout: electron-builder puts that before it. */
async function buildRecogniser() {
  const { addon } = await buildWhisper({ kind: 'release', gpus: ['vulkan'] });
  return relative(root, dirname(addon));
}

/** Windows' installer ships Microsoft's C++ runtime; the others have no use for it. */
function vcRuntime() {
  if (process.platform !== 'win32') return {};
  return { BOTCHAT_VC_RUNTIME: process.env.BOTCHAT_VC_RUNTIME ?? findVcRuntime() };
}

try {
  const node = await setUp();
  const { withStarter, forModels, forBuilder } = readDistArguments(process.argv.slice(2));
  const script = join(root, 'out/main/models.js');
  // First what may fail for want of a network.
  const starter = withStarter ? fetchStarter({ node, script, folder: join(root, 'release/starter'), forModels }) : [];
  const folder = process.env.BOTCHAT_WHISPER_FOLDER ?? (await buildRecogniser());
  run(node, [join(root, 'node_modules/electron-builder/cli.js'), ...forBuilder, ...starter], {
    cwd: root,
    env: { ...nodeEnvironment(node), BOTCHAT_WHISPER_FOLDER: folder, ...vcRuntime() },
  });
} catch (error) {
  console.error(`\n${error.message}`);
  process.exit(1);
}
