/** Why a command is told to end: the signal that this process was sent. */
export class EndedBy extends Error {
  override readonly name = 'EndedBy';
  readonly signal: NodeJS.Signals;

  constructor(signal: NodeJS.Signals) {
    super(`ended by ${signal}`);
    this.signal = signal;
  }
}
