import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, boolean, explicit, implicit, integer, objectId, octets, sequence, set, text, time } from './der.ts';

/** A certificate that vouches for itself, and its key, each as PEM. */
export interface SelfSigned {
  readonly cert: string;
  /** ECDSA on P-256, unencrypted. */
  readonly key: string;
}

const HOUR_MS = 3_600_000;
/** Longer than anybody tries something out. */
const DAYS = 90;
const ids = {
  ecdsaWithSha256: objectId('1.2.840.10045.4.3.2'),
  commonName: objectId('2.5.4.3'),
  basicConstraints: objectId('2.5.29.19'),
  keyUsage: objectId('2.5.29.15'),
  extendedKeyUsage: objectId('2.5.29.37'),
  subjectAltName: objectId('2.5.29.17'),
  serverAuth: objectId('1.3.6.1.5.5.7.3.1'),
};

/**
 * Makes a certificate for names and addresses of a server (RFC 5280), with a key of its own.
 *
 * @param hosts - Names, IPv4 and IPv6 addresses, these without brackets.
 */
export function selfSigned(hosts: readonly string[], now = new Date()): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(ids.ecdsaWithSha256);
  const name = sequence(set(sequence(ids.commonName, text('sluice, of this machine'))));
  const signed = sequence(
    explicit(0, integer(Buffer.from([2]))),
    // The first byte is not 0, as a number in DER has no zeros in front.
    integer(Buffer.from([1, ...randomBytes(15)])),
    algorithm,
    name,
    // The clock of a phone may be behind.
    sequence(time(new Date(now.getTime() - HOUR_MS)), time(new Date(now.getTime() + DAYS * 24 * HOUR_MS))),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions(hosts))),
  );
  const signature = sign('sha256', signed, privateKey);
  const der = sequence(signed, algorithm, bits(signature));
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function extensions(hosts: readonly string[]): Buffer[] {
  const critical = boolean(true);
  return [
    // It signs nothing else: who trusts it trusts this server alone.
    sequence(ids.basicConstraints, critical, octets(sequence())),
    // digitalSignature, the first of its bits.
    sequence(ids.keyUsage, critical, octets(bits(Buffer.from([0x80]), 7))),
    sequence(ids.extendedKeyUsage, octets(sequence(ids.serverAuth))),
    sequence(ids.subjectAltName, octets(sequence(...hosts.map(alternativeName)))),
  ];
}

/** A dNSName is `[2]`, an iPAddress `[7]`. */
function alternativeName(host: string): Buffer {
  return isIP(host) === 0 ? implicit(2, Buffer.from(host)) : implicit(7, addressBytes(host));
}

function addressBytes(address: string): Uint8Array {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  // A URL has it in one spelling: without a part in decimal, and with zeros left out once.
  const [head = '', tail = ''] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [first, last] = [groups(head), groups(tail)];
  const all = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]));
}
