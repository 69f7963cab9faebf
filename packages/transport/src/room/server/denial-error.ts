import type { Denial } from '@sluice/protocol';

/** What was asked for is not done: who asked is told the code and the message, and stays. Stays inside the server. */
export class DenialError extends Error {
  readonly denial: Denial;

  constructor(denial: Denial, message: string) {
    super(message);
    this.name = 'DenialError';
    this.denial = denial;
  }
}
