import { fileURLToPath } from 'node:url';
import { invalidArgument } from '@sluice/core';

/** The path as a string; node's own functions accept more than can be named in a message. */
export function checkPath(path: string | URL): string {
  if (path instanceof URL && path.protocol === 'file:') return fileURLToPath(path);
  if (typeof path === 'string' && path !== '' && !path.includes('\0')) return path;
  throw invalidArgument('path', 'a path or a file: URL', path instanceof URL ? path.href : path);
}
