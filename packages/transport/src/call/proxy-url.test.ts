import { expect, test } from 'vitest';
import { checkProxyUrl } from './proxy-url.ts';

test('null is no proxy, and URLs of HTTP proxies are taken with their credentials', () => {
  expect(checkProxyUrl(null)).toBeUndefined();
  expect(checkProxyUrl('http://ada:secret@proxy.example.org:3128')?.password).toBe('secret');
  expect(checkProxyUrl('https://[::1]:8443/')?.host).toBe('[::1]:8443');
});

test.each([
  '',
  'proxy:3128',
  'socks5://ada:secret@proxy',
  'http://proxy/path',
  'http://proxy?a',
  'ada:secret@',
  '//ada:secret@proxy',
  7,
])('%j is refused without its credentials', (url) => {
  const check = () => checkProxyUrl(url as string);
  expect(check).toThrow(/proxyUrl is not valid/);
  expect(check).not.toThrow(/secret/);
});
