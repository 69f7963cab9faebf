import { join } from 'node:path';

/** What a tenant gives to `connectNats`. */
export interface TenantLogin {
  /** The name of its account's user. */
  readonly user: string;
  /** Good for this server alone. */
  readonly password: string;
}

interface Wanted {
  readonly port: number;
  readonly jetStream: boolean;
  /** Where everything is kept that it keeps. */
  readonly folder: string;
  readonly logins: ReadonlyMap<string, TenantLogin>;
}

/** A configuration file of nats-server: loopback, and an account for each tenant, which is a world of subjects to itself. */
export function natsConfiguration({ port, jetStream, folder, logins }: Wanted): string {
  const accounts = [...logins].map(
    ([tenant, { user, password }]) =>
      `  ${JSON.stringify(tenant)}: { ${jetStream ? 'jetstream: enabled, ' : ''}users: [{ user: ${JSON.stringify(user)}, password: ${JSON.stringify(password)} }] }`,
  );
  return [
    'host: 127.0.0.1',
    `port: ${port}`,
    'max_payload: 8MB',
    ...(jetStream ? [`jetstream: { store_dir: ${JSON.stringify(join(folder, 'kept'))} }`] : []),
    ...(accounts.length === 0 ? [] : ['accounts: {', ...accounts, '}']),
    '',
  ].join('\n');
}
