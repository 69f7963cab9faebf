import { readFileSync } from 'node:fs';
import { SluiceError } from '../../errors.ts';

/** What this version writes and reads. */
export const SESSION_FORMAT = 'sluice-session/1';
/** The most that a header may have, in bytes. */
export const MOST_HEADER_BYTES = 2 ** 20;

/** The graph of a session: `shape` has a line for each node and link, `hash` stands for all of them. */
export interface SessionGraph {
  /** The name that it was made with. */
  readonly name: string;
  /** A line for each node with its options, then for each link; a replay names those that differ. */
  readonly shape: readonly string[];
  /** SHA-256 of the shape, in hexadecimal. */
  readonly hash: string;
}

/** The first line of a session's file. */
export interface SessionHeader {
  /** Kind and version of the file, which a reader checks first. */
  readonly format: typeof SESSION_FORMAT;
  /** What wrote it: of Node as `process.version`, and of `@sluice/core`. */
  readonly versions: { readonly node: string; readonly core: string };
  /** What was recorded: a replay runs nothing else. */
  readonly graph: SessionGraph;
  /** The module of its program, relative to the file, where that is known. */
  readonly program?: string;
  /** When it began, in ISO 8601. */
  readonly startedAt: string;
  /** Whether samples and pixels are in it. */
  readonly sound: boolean;
  /** Whether what was said is in it. */
  readonly text: boolean;
}

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

/** What wrote the session. */
export const versions: SessionHeader['versions'] = { node: process.version, core: version };

export function encodeHeader(header: SessionHeader): Buffer {
  return Buffer.from(`${JSON.stringify(header)}\n`);
}

/** Reads the first line of a file. */
export function decodeHeader(line: Uint8Array): SessionHeader {
  let header: Partial<SessionHeader> | null;
  try {
    header = JSON.parse(Buffer.from(line).toString('utf8'));
  } catch (cause) {
    throw noSession('its first line is no JSON', cause);
  }
  const format: unknown = header?.format;
  if (typeof format !== 'string' || !format.startsWith('sluice-session/'))
    throw noSession('its first line does not say what it is');
  if (format !== SESSION_FORMAT)
    throw new SluiceError('SLUICE_SESSION_VERSION', 'the session is of another version', {
      expected: SESSION_FORMAT,
      received: format,
      fix: 'Replay it with the version of @sluice/core that its header names',
    });
  const { graph, versions: wrote } = header as Partial<SessionHeader>;
  const lines = graph?.shape;
  if (typeof graph?.name !== 'string' || typeof graph.hash !== 'string' || !Array.isArray(lines))
    throw noSession('its header has no graph');
  if (!lines.every((one) => typeof one === 'string')) throw noSession('the graph of its header is damaged');
  if (typeof wrote?.core !== 'string' || typeof wrote.node !== 'string') throw noSession('its header has no versions');
  if (typeof header!.sound !== 'boolean' || typeof header!.text !== 'boolean')
    throw noSession('its header does not say what was left out');
  return header as SessionHeader;
}

/** The error for a file that is no session, or a damaged one. */
export function noSession(why: string, cause?: unknown): SluiceError {
  return new SluiceError('SLUICE_SESSION_FILE', `this is no session, or a damaged one: ${why}`, {
    expected: `a file that begins with {"format":"${SESSION_FORMAT}",...} and a line feed`,
    fix: 'Give the file that recordSession wrote; copy it again as binary',
    cause,
  });
}
