/** What a page of another origin may read of an answer beside its body. */
const EXPOSED = 'Location, Link, ETag, Accept-Patch, Accept-Post, Retry-After';
/** So long a browser need not ask again, in seconds. */
const REMEMBERED = 600;

/** Headers of CORS for a page of one of the origins; none for its own and for programs. */
export function crossOriginHeaders(request: Request, origins: readonly string[]): Record<string, string> {
  if (origins.length === 0) return {};
  const origin = request.headers.get('origin');
  if (origin === null || !origins.includes(origin)) return { vary: 'Origin' };
  const allowed = { vary: 'Origin', 'access-control-allow-origin': origin, 'access-control-expose-headers': EXPOSED };
  if (request.method !== 'OPTIONS' || !request.headers.has('access-control-request-method')) return allowed;
  return {
    ...allowed,
    'access-control-allow-methods': 'POST, PATCH, DELETE',
    'access-control-allow-headers': 'Authorization, Content-Type, If-Match',
    'access-control-max-age': String(REMEMBERED),
  };
}

/** Whether it is an origin as browsers send it: scheme, name and port, and nothing behind. */
export function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text);
}
