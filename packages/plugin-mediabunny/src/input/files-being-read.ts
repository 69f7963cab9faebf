import type { Stats } from 'node:fs';

const readers = new Map<string, number>();

/** What a file is under all its names. */
export function fileIdentity({ dev, ino }: Pick<Stats, 'dev' | 'ino'>): string {
  return `${dev}:${ino}`;
}

/** Notes that a source of this process reads a file. Call what is returned, once, when it no longer does. */
export function noteReader(identity: string): () => void {
  readers.set(identity, (readers.get(identity) ?? 0) + 1);
  return () => {
    const left = readers.get(identity)! - 1;
    if (left === 0) readers.delete(identity);
    else readers.set(identity, left);
  };
}

/** Whether a source of this process reads the file. */
export function isBeingRead(identity: string): boolean {
  return readers.has(identity);
}
