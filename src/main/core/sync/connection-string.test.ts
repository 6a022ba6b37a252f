import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatConnectionString, parseConnectionString, type StoreAddress } from './connection-string.js';

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
