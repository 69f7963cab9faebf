import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:https';
import { type AddressInfo, isIP } from 'node:net';
import { createServer } from 'node:tls';
import { expect, it } from 'vitest';
import { selfSigned } from './self-signed.ts';

const hosts = ['localhost', '127.0.0.1', '::1', '192.0.2.7', 'fd00::1:2', '::ffff:1.2.3.4', 'bots.example.org'];

it('is for each name and address that it was made for, of IPv6 too, and for no other', () => {
  const cert = new X509Certificate(selfSigned(hosts).cert);
  for (const host of hosts) expect(isIP(host) === 0 ? cert.checkHost(host) : cert.checkIP(host)).toBe(host);
  expect([cert.checkHost('example.org'), cert.checkIP('192.0.2.8'), cert.checkIP('fd00::2:1')]).toEqual(Array(3));
});

it('vouches for itself, signs nothing else, and holds from an hour ago for 90 days', () => {
  const { cert, key } = selfSigned(['localhost'], new Date('2026-11-30T12:00:00Z'));
  const read = new X509Certificate(cert);
  expect(read.verify(read.publicKey)).toBe(true);
  expect(read.issuer).toBe(read.subject);
  expect({ ca: read.ca, usage: read.keyUsage }).toEqual({ ca: false, usage: ['1.3.6.1.5.5.7.3.1'] });
  expect([read.validFrom, read.validTo]).toEqual(['Nov 30 11:00:00 2026 GMT', 'Feb 28 12:00:00 2027 GMT']);
  expect(key).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  expect(new X509Certificate(selfSigned(['localhost']).cert).serialNumber).not.toBe(read.serialNumber);
});

it('has years beyond 2049 with four digits', () => {
  const { validTo } = new X509Certificate(selfSigned(['localhost'], new Date('2049-12-01T00:00:00Z')).cert);
  expect(validTo).toBe('Mar  1 00:00:00 2050 GMT');
});

it('is taken by who trusts it, and by nobody else', async () => {
  const { cert, key } = selfSigned(['127.0.0.1']);
  const server = createServer({ cert, key }, (socket) => socket.end('HTTP/1.1 204 ok\r\n\r\n')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const asked = async (ca?: string) => {
    const call = request({ host: '127.0.0.1', port, ...(ca === undefined ? {} : { ca }) }).end();
    const [answer] = await once(call, 'response');
    return answer.statusCode;
  };
  expect(await asked(cert)).toBe(204);
  await expect(asked()).rejects.toThrow(expect.objectContaining({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }));
  server.close();
});
