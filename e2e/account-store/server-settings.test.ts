import { describe, expect, it } from 'vitest';
import { checkSettings } from '../../scripts/account-store/server-settings.mjs';

type Settings = Readonly<Record<string, string>>;

/** A server with these settings, and no others. */
const serverWith = (settings: Settings) => ({
  query: () =>
    Promise.resolve([Object.entries(settings).map(([name, value]) => ({ Variable_name: name, Value: value }))]),
});

async function warned(product: 'MySQL' | 'MariaDB', settings: Settings): Promise<boolean> {
  const warnings = await checkSettings(serverWith(settings), { product, mend: false });
  return warnings.some((warning) => warning.includes('temporary tables'));
}

describe('the disk that temporary tables can fill', () => {
  const datadir = '/var/lib/mysql/';

  it.each([
    ['./#innodb_temp/', true],
    ['/var/lib/mysql/#innodb_temp', true],
    ['/var/lib/mysql', true],
    ['/srv/temporary/', false],
    ['/var/lib/mysql-temporary', false],
  ])('of MySQL, %s: warns %s', async (folder, warns) => {
    expect(await warned('MySQL', { datadir, innodb_temp_tablespaces_dir: folder })).toBe(warns);
  });

  it.each([
    ['/tmp', true],
    ['/tmp/', true],
    ['', true],
    ['/srv/temporary:/var/tmp', true],
    ['/var/lib/mysql/tmp', true],
    ['/srv/temporary', false],
  ])('of MariaDB before 11.5, %s: warns %s', async (folder, warns) => {
    expect(await warned('MariaDB', { datadir, tmpdir: folder })).toBe(warns);
  });

  it('of MariaDB with a limit: warns where none is set', async () => {
    expect(await warned('MariaDB', { datadir, tmpdir: '/tmp', max_tmp_total_space_usage: '0' })).toBe(true);
    expect(await warned('MariaDB', { datadir, tmpdir: '/tmp', max_tmp_total_space_usage: '4294967296' })).toBe(false);
  });
});
