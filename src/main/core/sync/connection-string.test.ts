import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatConnectionString,
  isCertificateName,
  parseConnectionString,
  type StoreAddress,
} from './connection-string.js';

const cases = JSON.parse(readFileSync(join(import.meta.dirname, 'connection-string-cases.json'), 'utf8')) as readonly {
  readonly around?: string;
}[];

/** Made for this test, by openssl; nothing was ever signed with it. */
const ca = `-----BEGIN CERTIFICATE-----
MIIBdDCCARugAwIBAgIUOLPO0Wn/uQyqZg45Gnk/sj07YYowCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEdGVzdDAgFw0yNjExMjIyMDMzNTVaGA8yMTI2MTAyOTIwMzM1
NVowDzENMAsGA1UEAwwEdGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABPnu
pHtC+9p0/1eVeKP+ZbvFpDdExmPHdGu+IjrvO92yAATtjNu6oIqsVifMDPP37Xsl
U8H9G7mauSxylNXSFr2jUzBRMB0GA1UdDgQWBBTYzCfs+8y7adAt8/Jx71LJSZhG
xTAfBgNVHSMEGDAWgBTYzCfs+8y7adAt8/Jx71LJSZhGxTAPBgNVHRMBAf8EBTAD
AQH/MAoGCCqGSM49BAMCA0cAMEQCIDSuoau5nk5682LGlyIGJXMa4W50CoYJ65Fo
0fEzBCqeAiABjpVFvGmQLzMNzdMHRXIe5Jcd2z9WCiYCNoz9lCzg6Q==
-----END CERTIFICATE-----
`;

const address: StoreAddress = {
  host: 'store.school.example',
  port: 3306,
  schema: 'botchat',
  clientPassword: 'Bc-7 with & odd=signs#',
  certificateName: 'store.school.example',
  ca: [ca],
};

describe('a connection string', () => {
  it('is read as it was written', () => {
    const addresses: readonly StoreAddress[] = [
      address,
      { ...address, ca: [] },
      { ...address, userName: 'learners' },
      { ...address, ca: [ca, ca] },
      { ...address, host: '10.0.0.5', certificateName: 'botchat-store' },
      { ...address, host: 'fd00::5', certificateName: 'botchat-store', port: 65_535 },
      { ...address, certificateName: 'MySQL_Server_9.7.4_Auto_Generated_Server_Certificate' },
    ];
    for (const each of addresses) {
      const text = formatConnectionString(each);
      expect(text).toMatch(/^botchat:\/\/[\x21-\x7e]+$/);
      expect(parseConnectionString(text)).toEqual({ ok: true, address: each });
    }
  });

  it('survives line breaks, blanks and quotation marks of mail programs', () => {
    const text = formatConnectionString(address);
    const mailed = `  "${text.replaceAll(/.{60}/g, '$&\r\n ')}"\n`;
    expect(parseConnectionString(mailed)).toEqual({ ok: true, address });
  });

  it.each(cases.flatMap(({ around }) => (around === undefined ? [] : [around])))('is found in %j', (around) => {
    const text = formatConnectionString(address);
    const pasted = around.includes('&amp;') ? text.replaceAll('&', '&amp;') : around.replace('%s', text);
    expect(parseConnectionString(pasted)).toEqual({ ok: true, address });
  });

  it.each([
    ['a soft hyphen', '\u00ad'],
    ['a non-joiner', '\u200c'],
    ['a word joiner', '\u2060'],
    ['a mark of direction', '\u200e'],
    ['a byte order mark', '\ufeff'],
    ['a blank that does not break', '\u00a0'],
    ['a quoted line', '\n> '],
  ])('is found with %s anywhere in it', (_, mark) => {
    const text = formatConnectionString(address);
    for (let at = 0; at <= text.length; at += 5)
      expect(parseConnectionString(text.slice(0, at) + mark + text.slice(at))).toEqual({ ok: true, address });
  });

  it.each([
    ['among other words', (text: string) => `老师发来的：${text}，请在 6 月 1 日前登录。`],
    ['in Markdown', (text: string) => `Use \`${text}\` please`],
    ['as a link', (text: string) => `[store](${text}) <${text}>`],
    ['with a capital', (text: string) => text.replace('botchat', 'Botchat')],
    ['in full-width signs', (text: string) => text.replaceAll(':', '：').replaceAll('&', '＆').replaceAll('/', '／')],
    ['after one that is damaged', (text: string) => `${text.replace('3306', '3307')} ${text}`],
    ['before a full stop', (text: string) => `${text}.`],
  ])('is found %s', (_, around) => {
    expect(parseConnectionString(around(formatConnectionString(address)))).toEqual({ ok: true, address });
  });

  it.each(['my-project:my-instance', '', '-x', '10.0.0.5', 'a b', '名字'])('has no certificate for %j', (name) => {
    expect(isCertificateName(name)).toBe(false);
  });

  it('that lost something, or got something else, is damaged', () => {
    const text = formatConnectionString(address);
    for (let length = 'botchat://'.length; length < text.length; length += 7)
      expect(parseConnectionString(text.slice(0, length))).toEqual({ ok: false, problem: 'damaged' });
    expect(parseConnectionString(text.replace('3306', '3307'))).toEqual({ ok: false, problem: 'damaged' });
  });

  it('of something else is none', () => {
    for (const text of ['', 'hello', 'mysql://root@localhost/botchat', 'https://example.org'])
      expect(parseConnectionString(text)).toEqual({ ok: false, problem: 'not-a-connection-string' });
  });

  it('does not let a certificate be for an IP address, which mysql2 would not check', () => {
    const text = formatConnectionString({ ...address, host: '10.0.0.5', certificateName: '10.0.0.5' });
    expect(parseConnectionString(text)).toEqual({ ok: false, problem: 'damaged' });
  });

  it('never makes the parser throw', () => {
    const pieces = fc.constantFrom(
      'botchat://',
      'h',
      ':',
      '3306',
      '/',
      'botchat',
      '?',
      'v=1',
      '&',
      'ca=',
      'key=x',
      '%',
      '&sum=',
      '00000000',
      '[',
      ']',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => parts.join('')),
        ),
        (text) => {
          expect(parseConnectionString(text).ok).toBe(false);
        },
      ),
    );
  });
});
