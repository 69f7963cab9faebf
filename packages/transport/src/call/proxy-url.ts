import { invalidArgument } from '@sluice/core';

/** The URL of an HTTP proxy. No message holds its credentials. */
export function checkProxyUrl(url: string | null): URL | undefined {
  if (url === null) return undefined;
  if (typeof url !== 'string') throw invalidArgument('proxyUrl', 'a URL as text, or null', typeof url);
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const plain = parsed !== undefined && ['', '/'].includes(parsed.pathname) && parsed.search + parsed.hash === '';
  if (!plain || !['http:', 'https:'].includes(parsed.protocol))
    throw invalidArgument(
      'proxyUrl',
      'http://host:port or https://host:port, with user:password@ if it wants them',
      shown(url),
    );
  return parsed;
}

function shown(url: string): string {
  return url.replace(/^((?:[a-z][\w+.-]*:)?(?:\/\/)?).*@/is, '$1***@').slice(0, 200);
}
