import { X509Certificate } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notWritten } from '../errors.ts';
import { selfSigned } from './self-signed.ts';

/** A certificate made for one server, in files that only this user reads. */
export interface OwnCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  /** SHA-256 in hexadecimal with colons, as browsers show it. */
  readonly fingerprint: string;
  /** The server has read its key, which nobody else needs. */
  forgetKey(): Promise<void>;
  /** The certificate goes as well. At once: also from a process that ends. */
  remove(): void;
}

/** Makes a certificate for the hosts that a server may be asked by. */
export async function ownCertificate(hosts: readonly string[]): Promise<OwnCertificate> {
  const { cert, key } = selfSigned(hosts);
  try {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-tls-'));
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await writeFile(certFile, cert, { mode: 0o600 });
    await writeFile(keyFile, key, { mode: 0o600 });
    return {
      certFile,
      keyFile,
      fingerprint: new X509Certificate(cert).fingerprint256,
      forgetKey: () => rm(keyFile, { force: true }),
      remove: () => rmSync(folder, { recursive: true, force: true }),
    };
  } catch (error) {
    throw notWritten(join(tmpdir(), 'sluice-tls-*'), error);
  }
}
