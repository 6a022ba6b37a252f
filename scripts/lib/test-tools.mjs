// What the tests need and npm cannot give: a browser, servers, a key ring, and Vulkan without a GPU.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const debianPackages = [
  // Chromium, and glyphs for what it shows.
  { file: '/usr/bin/chromium', name: 'chromium' },
  { file: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', name: 'fonts-noto-cjk' },
  // The account store's tests start servers of their own.
  { file: '/usr/sbin/mariadbd', name: 'mariadb-server' },
  // The key ring's own test runs against a real one.
  { file: '/usr/bin/gnome-keyring-daemon', name: 'gnome-keyring' },
  { file: '/usr/bin/dbus-run-session', name: 'dbus' },
];
/** The recogniser's Vulkan build, and a driver that needs no GPU. */
const vulkanPackages = [
  { file: '/usr/bin/glslc', name: 'glslc' },
  { file: '/usr/include/vulkan/vulkan.hpp', name: 'libvulkan-dev' },
  { file: '/usr/include/spirv/unified1/spirv.hpp', name: 'spirv-headers' },
  { file: '/usr/share/vulkan/icd.d', name: 'mesa-vulkan-drivers' },
];
const chromiums = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Installs what is missing on a Debian where we are root; elsewhere names it.
 * Answers the browser's path, or null and what to install, and whether Vulkan can be built and tried.
 */
export function ensureTestTools() {
  const missing = [...debianPackages, ...vulkanPackages]
    .filter(({ file }) => !existsSync(file))
    .map(({ name }) => name);
  if (missing.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`Installing what the tests need: ${missing.join(', ')} …`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    for (const args of [
      ['update', '-qq'],
      ['install', '-y', '-qq', '--no-install-recommends', ...missing],
    ]) {
      const { status, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8' });
      if (status !== 0) console.log(`apt-get ${args[0]} failed: ${stderr.trim().split('\n').at(-1)}`);
    }
  }
  const chromium = process.env.BOTCHAT_CHROMIUM ?? chromiums.find((path) => existsSync(path)) ?? null;
  return {
    chromium,
    missing: 'no Chromium: install Chromium or Chrome, or name one in BOTCHAT_CHROMIUM',
    vulkan: vulkanPackages.every(({ file }) => existsSync(file)),
  };
}
