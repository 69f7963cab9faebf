import { join } from 'node:path';

/** What a tenant or one of its bots gives to `connectNats`. */
export interface TenantLogin {
  /** The name of its account's user. */
  readonly user: string;
  /** Good for this server alone. */
  readonly password: string;
}

/** A user of a tenant with less than all of its subjects: for a bot, say, that speaks on one link. */
export interface NatsUser {
  /** In whose account. */
  readonly tenant: string;
  /** Its name; `login` knows it. */
  readonly user: string;
  /** Subjects that it may publish on, with wildcards. */
  readonly publish: readonly string[];
  /** Subjects that it may subscribe to, with wildcards. */
  readonly subscribe: readonly string[];
}

/** The certificate of a server, as PEM. */
export interface NatsTls {
  /** Of the server, with the chain to its authority. */
  readonly cert: string;
  /** Belongs to `cert`. */
  readonly key: string;
  /** With it clients have to show a certificate of this authority. Default: they need none. */
  readonly ca?: string;
}

/** One of several servers that keep the same. */
export interface NatsMember {
  /** Its name, another for each. */
  readonly name: string;
  /** The port of loopback on which it speaks with the others. */
  readonly port: number;
  /** The same of all of them. */
  readonly ports: readonly number[];
}

interface Wanted {
  readonly port: number;
  readonly jetStream: boolean;
  /** Where everything is kept that it keeps, and `cert.pem`, `key.pem` and `ca.pem` lie. */
  readonly folder: string;
  readonly tls: NatsTls | undefined;
  readonly tenants: readonly string[];
  readonly users: readonly NatsUser[];
  readonly accounts: string | undefined;
  readonly lines: readonly string[] | undefined;
  readonly member: NatsMember | undefined;
}

/** The password of a user of a server for tests. */
export function passwordOf(user: string): string {
  return `${user}-secret`;
}

/** A configuration file of nats-server: loopback, and an account for each tenant, which is a world of subjects to itself. */
export function natsConfiguration({ port, jetStream, folder, lines = [], tls, member, ...world }: Wanted): string {
  const text = JSON.stringify;
  const pem = (name: string) => text(join(folder, `${name}.pem`));
  const accounts = world.accounts ?? accountsOf({ jetStream, ...world });
  const authority = tls?.ca === undefined ? '' : `, ca_file: ${pem('ca')}, verify: true`;
  return [
    'host: 127.0.0.1',
    `port: ${port}`,
    ...(tls === undefined ? [] : [`tls { cert_file: ${pem('cert')}, key_file: ${pem('key')}${authority} }`]),
    ...(jetStream ? [`jetstream: { store_dir: ${text(join(folder, 'kept'))} }`] : []),
    ...(member === undefined ? [] : memberOf(member)),
    ...(accounts === '' ? [] : ['accounts: {', accounts, '}']),
    ...lines,
    '',
  ].join('\n');
}

function accountsOf({ jetStream, tenants, users }: Pick<Wanted, 'jetStream' | 'tenants' | 'users'>): string {
  const text = JSON.stringify;
  const login = (user: string) => `user: ${text(user)}, password: ${text(passwordOf(user))}`;
  const accounts = tenants.map((tenant) => {
    const bounded = users
      .filter((user) => user.tenant === tenant)
      .map(
        ({ user, publish, subscribe }) =>
          `{ ${login(user)}, permissions: { publish: ${text(publish)}, subscribe: ${text(subscribe)} } }`,
      );
    const all = [`{ ${login(tenant)} }`, ...bounded].join(', ');
    return `  ${text(tenant)}: { ${jetStream ? 'jetstream: enabled, ' : ''}users: [${all}] }`;
  });
  return accounts.join('\n');
}

function memberOf({ name, port, ports }: NatsMember): string[] {
  const routes = ports.map((one) => JSON.stringify(`nats://127.0.0.1:${one}`)).join(', ');
  return [
    `server_name: ${JSON.stringify(name)}`,
    `cluster { name: sluice, listen: "127.0.0.1:${port}", routes: [${routes}] }`,
  ];
}
