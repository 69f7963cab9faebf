import { gunzipSync, gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { PageFile } from './page-files.ts';
import { type PageOptions, pageRoute } from './page-route.ts';
import { createRoomApp } from './room-app.ts';

const file = (type: string, text: string): PageFile => ({
  type,
  bytes: new Uint8Array(new TextEncoder().encode(text)),
  gzipped: new Uint8Array(gzipSync(text)),
});
const files = {
  index: file('text/html', '<!doctype html>'),
  assets: new Map([['index-a1b2.js', file('text/javascript', 'run()')]]),
};
const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', host: '127.0.0.1:7880' };

function app(options: PageOptions = {}, read = async () => files as typeof files | undefined) {
  const app = new Hono();
  app.get('*', pageRoute(options, read));
  app.get('*', (context) => context.json({ room: 'hello' }));
  return (path: string, headers: Record<string, string> = browser) => app.request(path, { headers });
}

describe('the page of a room', () => {
  it('is for who asks for HTML, and JSON for everybody else', async () => {
    const get = app();
    const page = await get('/hello');
    expect([page.status, page.headers.get('content-type'), await page.text()]).toEqual([
      200,
      'text/html',
      '<!doctype html>',
    ]);
    expect(page.headers.get('vary')).toContain('Accept');
    expect(await (await get('/hello', { accept: 'application/json' })).json()).toEqual({ room: 'hello' });
    expect(await (await get('/hello', { accept: '*/*' })).json()).toEqual({ room: 'hello' });
  });

  it('may run nothing and connect to nothing but its own', async () => {
    const { headers } = await app()('/hello');
    const policy = headers.get('content-security-policy')!;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "media-src 'self'",
      "connect-src 'self' ws://127.0.0.1:7880 wss://127.0.0.1:7880",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ]);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('permissions-policy')).toContain('camera=(self), microphone=(self), display-capture=(self)');
    expect(headers.get('cache-control')).toBe('no-cache');
  });

  it.each(['evil; script-src *', 'a b', 'x,y', '[::1]:7880'])(
    'takes nothing of the host %j into its policy',
    async (host) => {
      const policy = (await app()('/hello', { ...browser, host })).headers.get('content-security-policy');
      expect(policy).toContain("; connect-src 'self';");
    },
  );

  it('may be framed by the origins that are named', async () => {
    const frameAncestors = ['https://intranet.example', 'http://127.0.0.1:3000'];
    const policy = (await app({ frameAncestors })('/hello')).headers.get('content-security-policy');
    expect(policy).toContain('frame-ancestors https://intranet.example http://127.0.0.1:3000;');
    for (const odd of ["'self'", 'https://a.example; script-src *', '*', 'https://a.example/path'])
      expect(() => pageRoute({ frameAncestors: [odd] })).toThrow(TypeError);
  });

  it('says that a path is no room by its status', async () => {
    expect((await app()('/no.room')).status).toBe(404);
    expect((await app()('/')).status).toBe(200);
  });

  it('sends its files packed, and lets them be kept', async () => {
    const get = app();
    const plain = await get('/assets/index-a1b2.js', { accept: '*/*' });
    expect([await plain.text(), plain.headers.get('content-encoding')]).toEqual(['run()', null]);
    expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const packed = await get('/rooms/assets/index-a1b2.js', { 'accept-encoding': 'br, gzip' });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    expect(gunzipSync(new Uint8Array(await packed.arrayBuffer())).toString()).toBe('run()');
  });

  it.each([
    '/assets/../page-files.ts',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2e%2e%2fpackage.json',
    '/assets/....//package.json',
    '/assets/package.json',
    '/assets/__proto__',
    '/assets/index-a1b2.js%00.css',
    '/assets//etc/passwd',
  ])('has no file at %s', async (path) => {
    expect(await (await app()(path, { accept: '*/*' })).json()).toEqual({ room: 'hello' });
  });

  it('is left out where it is not built, and by page: false', async () => {
    const read = async () => undefined;
    expect(await (await app({}, read)('/hello')).json()).toEqual({ room: 'hello' });
    const without = createRoomApp({ page: false });
    const answer = await without.fetch(new Request('http://127.0.0.1/hello', { headers: { accept: 'text/html' } }));
    await without.close();
    expect(await answer.json()).toMatchObject({ room: 'hello' });
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'");
  });
});
