import { strict as assert } from 'node:assert';
import { readTokenWishes } from '../../../packages/page/src/ui/token-wishes.ts';
import { isRoomName, roomOfPath } from '../../../packages/protocol/src/room-name.ts';
import { checkProxyUrl } from '../../../packages/transport/src/call/proxy-url.ts';
import { roomDriverFor } from '../../../packages/transport/src/room/driver-registry.ts';
import { isLoopbackHost, requestFault } from '../../../packages/transport/src/room/protocol/request-policy.ts';
import type { FuzzTarget } from '../fuzzer/fuzz-target.ts';
import { isOurs } from '../fuzzer/is-ours.ts';

export const roomUrlTarget: FuzzTarget = {
  name: 'room-url',
  reads: 'room names, meeting URLs, URLs of proxies, Host headers, and tokens as the page reads them',
  maxBytes: 1_024,
  seeds: () => [
    'http://127.0.0.1:7880/hello',
    'https://meet.example.org/a/b/stand-up_1#token=eyJhbGciOiJIUzI1NiJ9.eyJuYW1lIjoiQWRhIn0.AAAA',
    'http://[::1]:80/x?t=secret',
    'https://user:hunter2@proxy.example:8080',
    'localhost:7880',
  ],
  run: (input) => {
    const text = Buffer.from(input).toString();
    const name = roomOfPath(text);
    if (name !== undefined)
      assert.ok(isRoomName(name) && /^[\w-]{1,128}$/.test(name) && roomOfPath(`/${name}`) === name);
    readTokenWishes(`a.${text}.b`);
    const host = { host: text, origin: undefined };
    const answered = requestFault(host, { loopback: true, hosts: [], origins: [] }) === undefined;
    assert.equal(answered, isLoopbackHost(text.replace(/:\d{1,5}$/, '')));
    refusedByUs(() => roomDriverFor(text));
    const told = refusedByUs(() => checkProxyUrl(text));
    assert.doesNotMatch(told, /hunter2@/);
  },
};

/** What it said; nothing where it took the text. */
function refusedByUs(read: () => unknown): string {
  try {
    read();
    return '';
  } catch (error) {
    if (!isOurs(error)) throw error;
    return (error as Error).message;
  }
}
