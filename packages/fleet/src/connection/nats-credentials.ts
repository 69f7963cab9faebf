import {
  type Authenticator,
  type ConnectionOptions,
  jwtAuthenticator,
  nkeyAuthenticator,
  nkeys,
  tokenAuthenticator,
} from '@nats-io/transport-node';
import { invalidArgument } from '@sluice/core';

/** By what a connection shows who it is: one of these, or none. */
export interface NatsCredentials {
  /**
   * Who connects, where the server wants to know. Its answers come to `_INBOX.<tenant>.<user>.>`, with `_` for what cannot stand in a
   * subject; beside `nkey` and `creds` it is that name alone. Default: nobody, and `_INBOX.<tenant>.>`.
   */
  readonly user?: string;
  /** The password of `user`; it appears in no message. */
  readonly password?: string;
  /** The token of a server that has one for all (`authorization { token }`), in place of `user`; it appears in no message. */
  readonly token?: string;
  /** The seed of a user's nkey, `SU…`: the server has the public half alone. It appears in no message. */
  readonly nkey?: string;
  /**
   * The text of a `.creds` file: a user's JWT and its seed, as `nsc` and hosted servers give it out. As a function it is read
   * for each connection, so that a file that is renewed in time is enough: `() => readFileSync(path, 'utf8')`. What it throws, or gives
   * that is none, leaves the last one in use. It appears in no message.
   */
  readonly creds?: string | (() => string);
}

const KINDS = ['password', 'token', 'nkey', 'creds'] as const;
const PARTS =
  /-{3,}BEGIN NATS USER JWT-{3,}\s+([\w-]+\.[\w-]+\.[\w-]+)\s+-{3,}[\s\S]*?-{3,}BEGIN USER NKEY SEED-{3,}\s+(\S+)\s+-{3,}/;

/** What the client shows the server. @throws TypeError for more than one kind, and for a text that is none; nothing of it is shown */
export function readCredentials(credentials: NatsCredentials): Partial<ConnectionOptions> {
  const { user, password, token, nkey, creds } = credentials;
  const given = KINDS.filter((kind) => credentials[kind] !== undefined);
  if (given.length > 1) throw invalidArgument('connectNats', `one of ${KINDS.join(', ')}`, given.join(' and '));
  for (const key of ['user', ...given] as const) {
    const value = credentials[key];
    if (value === undefined || (typeof value === 'string' && value !== '')) continue;
    if (key !== 'creds' || typeof value !== 'function')
      throw invalidArgument(`connectNats.${key}`, 'a text that is not empty', typeof value);
  }
  if (token !== undefined) {
    if (user !== undefined) throw invalidArgument('connectNats', 'a token without user: it is everybody', 'both');
    return { authenticator: tokenAuthenticator(token) };
  }
  if (nkey !== undefined) return { authenticator: nkeyAuthenticator(seedOf('connectNats.nkey', nkey.trim())) };
  if (creds !== undefined) {
    let last = partsOf(creds);
    const authenticator: Authenticator = (nonce) => {
      try {
        last = partsOf(creds);
      } catch {
        // The server says when it does not know the last one any more.
      }
      return jwtAuthenticator(last.jwt, last.seed)(nonce);
    };
    return { authenticator };
  }
  return { ...(user !== undefined && { user }), ...(password !== undefined && { pass: password }) };
}

/** When credentials end that say so themselves, in milliseconds since 1970. */
export function endOf({ creds }: NatsCredentials): number | undefined {
  if (creds === undefined) return undefined;
  try {
    const claims = Buffer.from(partsOf(creds).jwt.split('.')[1]!, 'base64url').toString();
    const { exp } = JSON.parse(claims) as { readonly exp?: unknown };
    return typeof exp === 'number' && exp > 0 ? exp * 1_000 : undefined;
  } catch {
    return undefined;
  }
}

/** Both of one reading: a file may be renewed between two. */
function partsOf(creds: string | (() => string)): { readonly jwt: string; readonly seed: Uint8Array } {
  const [, jwt = '', seed = ''] = PARTS.exec(typeof creds === 'string' ? creds : creds()) ?? [];
  return { jwt, seed: seedOf('connectNats.creds', seed) };
}

function seedOf(option: string, text: string): Uint8Array {
  const seed = Buffer.from(text);
  const rule = option.endsWith('nkey')
    ? 'the seed of a user, which begins with SU'
    : 'the text of a .creds file: a JWT of a user and its seed between their lines of dashes';
  try {
    if (nkeys.fromSeed(seed).getPublicKey().startsWith('U')) return seed;
  } catch {
    // Said below.
  }
  throw invalidArgument(option, rule, '(hidden)');
}
