/** The code that Node gives an error of the network; no text is looked at. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** What to do when a room server cannot listen. */
export function listenAdvice(cause: Error): string {
  switch (systemCode(cause)) {
    case 'EADDRINUSE':
      return 'Another program has this port: choose another one, or 0 for any that is free';
    case 'EACCES':
      return 'Ports below 1024 need privileges: choose a higher one';
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return 'Listen on an address of this machine, 127.0.0.1 for example';
    default:
      return cause.message;
  }
}

/** What to do when a room server cannot be reached at this meeting URL. */
export function joinAdvice(url: URL, cause: Error): string {
  const code = systemCode(cause);
  const other = new URL(url);
  other.protocol = url.protocol === 'https:' ? 'http:' : 'https:';
  if (code === 'ECONNREFUSED')
    return 'Nothing listens there: start a room server (startRoomServer, npm run room) and join the URL that it tells';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `Check the name ${url.hostname}: no address is known of it`;
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) return `The server speaks no TLS: join ${other.href}`;
  if (code.startsWith('HPE_') || code === 'ECONNRESET')
    return url.protocol === 'http:'
      ? `What listens there speaks no HTTP; if it speaks TLS, join ${other.href}`
      : 'What listens there hung up: check the port';
  if (/CERT|SIGNED|VERIFY/.test(code))
    return 'Its certificate is not trusted: give the one of its authority with NODE_EXTRA_CA_CERTS';
  if (code === 'ETIMEDOUT' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH')
    return 'Check the address and whether a firewall stands in between';
  return cause.message;
}
