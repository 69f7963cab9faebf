import { invalidArgument } from '@sluice/core';
import { redact } from './redact.ts';
import { type ServiceIdentity, serviceError } from './service-error.ts';

/**
 * Where a key comes from when a session opens: a function that gives it, or the name of an environment variable. A key
 * itself is not taken, so that none stands in code or is shown with the options it was given by.
 */
export type SecretSource =
  | (() => string | Promise<string>)
  | {
      /** The variable's name: `OPENAI_API_KEY`. It is read when a session opens. */
      readonly env: string;
    };

/** Refuses at once what is no source of a key; what was given instead is not shown. */
export function checkSecretSource(option: string, source: unknown): void {
  if (source === undefined || typeof source === 'function') return;
  if (typeof source === 'object' && source !== null && typeof (source as { env?: unknown }).env === 'string') return;
  throw invalidArgument(option, 'a function that gives the key, or { env: NAME }; or open({ secrets })', typeof source);
}

/**
 * The key for a session: of `open({ secrets })`, else of the source that the model was made with. Undefined where nobody
 * gave one.
 *
 * @throws VoiceError `give-up` that names the secret, where it is needed and missing
 */
export async function secretOf(
  identity: ServiceIdentity,
  secrets: Readonly<Record<string, string>>,
  source: SecretSource | undefined,
  needed: true,
): Promise<string>;
export async function secretOf(
  identity: ServiceIdentity,
  secrets: Readonly<Record<string, string>>,
  source: SecretSource | undefined,
  needed: boolean,
): Promise<string | undefined>;
export async function secretOf(
  identity: ServiceIdentity,
  secrets: Readonly<Record<string, string>>,
  source: SecretSource | undefined,
  needed: boolean,
): Promise<string | undefined> {
  const { secretName = 'apiKey' } = identity;
  const given = secrets[secretName] || (await fromSource(identity, source));
  // Line ends come with keys that were read from files, and a header takes none.
  const secret = given?.trim();
  if (secret || !needed) return secret || undefined;
  const name = typeof source === 'object' ? source.env : undefined;
  const place =
    name === undefined
      ? `, or make the model with the option ${secretName}: { env: 'THE_NAME_OF_A_VARIABLE' }`
      : `, or set the environment variable ${name}`;
  throw serviceError({
    ...identity,
    category: 'give-up',
    message: `the secret \`${secretName}\` is missing`,
    fix: `Give it to open({ secrets: { ${secretName} } })${place}`,
  });
}

async function fromSource(identity: ServiceIdentity, source: SecretSource | undefined): Promise<string | undefined> {
  if (typeof source === 'object') return process.env[source.env];
  try {
    return await source?.();
  } catch (error) {
    const { secretName = 'apiKey' } = identity;
    const message = `the function that gives \`${secretName}\` failed: ${redact(String(error))}`;
    throw serviceError({ ...identity, category: 'give-up', message });
  }
}
