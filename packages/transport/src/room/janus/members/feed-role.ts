/** Where somebody publishes on another server of a room: its presence here, and its media, which the servers pass on. */
const roles = { presence: '~p', relay: '~r' } as const;

/** The id that somebody has on the servers that it does not publish to. */
export function feedOn(id: string, role: keyof typeof roles): string {
  return `${id}${roles[role]}`;
}

/** Media without a presence: it stays when who sent it is gone. */
export function isRelay(feed: string | number): boolean {
  return typeof feed === 'string' && feed.endsWith(roles.relay);
}

/** Whose feed it is, whatever it stands for. */
export function ownerOf(feed: string | number): string | number {
  const role = Object.values(roles).find((end) => typeof feed === 'string' && feed.endsWith(end));
  return role === undefined ? feed : String(feed).slice(0, -role.length);
}
