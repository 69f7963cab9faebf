/** A message that this protocol does not have. Whoever reads messages gives it the form of their own errors. */
export class ProtocolFault extends Error {
  readonly kind: 'version' | 'malformed';
  readonly expected: string;
  readonly received: unknown;

  constructor(kind: 'version' | 'malformed', message: string, expected: string, received: unknown) {
    super(message);
    this.name = 'ProtocolFault';
    this.kind = kind;
    this.expected = expected;
    this.received = received;
  }
}
