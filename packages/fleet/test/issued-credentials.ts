import { createHash } from 'node:crypto';
import { nkeys } from '@nats-io/transport-node';

type KeyPair = ReturnType<typeof nkeys.createUser>;

/** A JWT as nats-server reads it (ADR-14): who signs says something of a key. */
function jwt(by: KeyPair, subject: string, name: string, nats: object, exp?: number): string {
  const claims = { iat: Math.floor(Date.now() / 1_000), iss: by.getPublicKey(), name, sub: subject, exp, nats };
  const jti = createHash('sha256').update(JSON.stringify(claims)).digest('hex');
  const parts = [
    { typ: 'JWT', alg: 'ed25519-nkey' },
    { ...claims, jti },
  ];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${Buffer.from(by.sign(Buffer.from(text))).toString('base64url')}`;
}

/** An operator with one account: the lines of a server that trusts it, and `.creds` of users that end at a time. */
export function issuedCredentials() {
  const [operator, account] = [nkeys.createOperator(), nkeys.createAccount()];
  const of = (type: string) => ({ type, version: 2 });
  const unbounded = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const trusted = jwt(operator, operator.getPublicKey(), 'operator', of('operator'));
  const known = jwt(operator, account.getPublicKey(), 'account', { ...of('account'), limits: unbounded });
  return {
    lines: [`operator: ${trusted}`, 'resolver: MEMORY', `resolver_preload: { ${account.getPublicKey()}: ${known} }`],
    creds: (name: string, exp: number) => {
      const user = nkeys.createUser();
      const limits = { subs: -1, data: -1, payload: -1 };
      const said = jwt(account, user.getPublicKey(), name, { ...of('user'), ...limits, pub: {}, sub: {} }, exp);
      const seed = Buffer.from(user.getSeed()).toString();
      return [
        `-----BEGIN NATS USER JWT-----\n${said}\n------END NATS USER JWT------\n`,
        `-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`,
      ].join('\n');
    },
  };
}
