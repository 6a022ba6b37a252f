// Makes an authority and a server's certificate with openssl, for stores that have no public certificate.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isIpAddress } from '../../src/main/core/sync/connection-string.ts';
import { defaultCertificateName } from './install.mjs';
import { Refusal } from './refusal.mjs';

/**
 * Writes ca.pem and ca-key.pem (which are kept where they are), and server.pem and server-key.pem for `names`, DNS names
 * and IP addresses. Answers their paths.
 */
export function writeCertificates(folder, names, { days = 825, signAs = 'server' } = {}) {
  mkdirSync(folder, { recursive: true });
  const file = (name) => join(folder, name);
  const paths = {
    ca: file('ca.pem'),
    caKey: file('ca-key.pem'),
    certificate: file(`${signAs}.pem`),
    key: file(`${signAs}-key.pem`),
  };
  const settings = file('openssl.cnf');
  const alternatives = names.map((name) => `${isIpAddress(name) ? 'IP' : 'DNS'}:${name}`).join(',');
  writeFileSync(
    settings,
    `[req]
distinguished_name = subject
prompt = no
[subject]
CN = BotChat account store
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = serverAuth
subjectAltName = ${alternatives}
`,
  );
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-config', settings];
  if (!existsSync(paths.ca)) {
    openssl([
      'req',
      '-x509',
      ...newKey,
      '-extensions',
      'authority',
      '-days',
      '7300',
      '-keyout',
      paths.caKey,
      '-out',
      paths.ca,
    ]);
    chmodSync(paths.caKey, 0o600);
  }
  const request = file(`${signAs}.csr`);
  openssl(['req', ...newKey, '-keyout', paths.key, '-out', request]);
  const signing = [
    '-CA',
    paths.ca,
    '-CAkey',
    paths.caKey,
    '-CAcreateserial',
    '-extfile',
    settings,
    '-extensions',
    'server',
  ];
  openssl(['x509', '-req', '-in', request, ...signing, '-days', String(days), '-out', paths.certificate]);
  chmodSync(paths.key, 0o600);
  rmSync(request);
  rmSync(settings);
  return paths;
}

function openssl(args) {
  const { status, error, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (error) throw new Refusal('openssl is missing; install it (Debian, Ubuntu: sudo apt install openssl).');
  if (status !== 0) throw new Refusal(`openssl ${args[0]} failed: ${stderr.trim()}`);
}

export function makeCertificates({ host, out = 'account-store-certificates' }) {
  if (!host) throw new Refusal("Which name will learners' machines use? --host store.example.org, or an IP address");
  const names = isIpAddress(host) ? [host, defaultCertificateName] : [host];
  const folder = resolve(out);
  const paths = writeCertificates(folder, names);
  console.log(`In ${folder}:
  ca.pem, server.pem, server-key.pem   for the server: ssl_ca, ssl_cert and ssl_key under [mysqld]
  ca-key.pem                           to renew the certificate in two years; keep it somewhere else

Then: npm run account-store -- init 'mysql://…?ca=${paths.ca}' --host ${host} --ca ${paths.ca}${isIpAddress(host) ? ` --certificate-name ${defaultCertificateName}` : ''}`);
}
