import { INSPECT_PROTOCOL } from '../protocol/limits.ts';
import type { Hello } from '../protocol/messages.ts';
import type { Access } from './access.ts';
import { inspectorVersion } from './version.ts';

/** Who this process is, and what may be seen of it. */
export function helloOf({ media, control }: Pick<Access, 'media' | 'control'>): Hello {
  return {
    type: 'hello',
    protocol: INSPECT_PROTOCOL,
    pid: process.pid,
    program: process.argv[1] ?? 'node',
    versions: { node: process.version, inspector: inspectorVersion },
    media,
    control,
    production: process.env.NODE_ENV === 'production',
  };
}
