import type { Stats } from 'node:fs';

const readers = new Map<string, number>();

/** What a file is under all its names. */
export function fileIdentity({ dev, ino }: Pick<Stats, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`;
}

/** Notes that sources of this process read a file. Call what is returned when they no longer do. */
export function noteReader(identity: string): () => void {
  readers.set(identity, (readers.get(identity) ?? 0) + 1);
  let over = false;
  return () => {
    if (over) return;
    over = true;
    const left = readers.get(identity)! - 1;
    if (left === 0) readers.delete(identity);
    else readers.set(identity, left);
  };
}

export function isBeingRead(identity: string): boolean {
  return readers.has(identity);
}
