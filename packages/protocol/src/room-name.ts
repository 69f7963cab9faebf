const ROOM_NAME = /^[A-Za-z0-9_-]{1,128}$/;

/** The one rule for room names: 1 to 128 of `A-Z a-z 0-9 _ -`. */
export function isRoomName(name: string): boolean {
  return ROOM_NAME.test(name);
}

/** The room that a path ends in, decoded once; undefined if that is no room name. */
export function roomOfPath(path: string): string | undefined {
  const last = path.slice(path.lastIndexOf('/') + 1);
  try {
    const name = decodeURIComponent(last);
    return isRoomName(name) ? name : undefined;
  } catch {
    return undefined;
  }
}
