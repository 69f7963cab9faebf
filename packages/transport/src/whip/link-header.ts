import { checkIceConfig, type IceServer } from '../call/ice-config.ts';

const LONGEST = 8_192;

/** The STUN and TURN servers that an endpoint names in its `Link` headers, as far as they are any. */
export function iceServersOf(link: string | null): readonly IceServer[] {
  const servers: IceServer[] = [];
  for (const [, urls, parameters = ''] of (link ?? '').slice(0, LONGEST).matchAll(/<([^<>]+)>([^<]*)/g)) {
    if (!/;\s*rel="?ice-server"?/i.test(parameters)) continue;
    const value = (name: string) => new RegExp(`;\\s*${name}="((?:[^"\\\\]|\\\\.)*)"`, 'i').exec(parameters)?.[1];
    const username = value('username');
    const credential = value('credential');
    const server = { urls: urls!, ...(username && { username }), ...(credential && { credential }) };
    if (isUsable([...servers, server])) servers.push(server);
  }
  return servers;
}

function isUsable(iceServers: readonly IceServer[]): boolean {
  try {
    checkIceConfig({ iceServers });
    return true;
  } catch {
    return false;
  }
}
