const BAR = 36;
const BLOCKS = ' ▁▂▃▄▅▆▇█';

/** Shows how far the sound has come: in place on a terminal, a line a second otherwise. */
export class Progress {
  readonly #totalMs: number;
  readonly #tty = process.stdout.isTTY;
  #levels = '';
  #said = 0;

  constructor(totalMs: number) {
    this.#totalMs = totalMs;
  }

  step(text: string): void {
    if (this.#tty) process.stdout.write(`\r\x1b[2K  ${text}`);
    else process.stdout.write(`${text}\n`);
  }

  /** `mediaMs` of the sound were spoken, the last of it at `levelDb` dBFS RMS. */
  update(mediaMs: number, levelDb: number): void {
    const at = Math.min(mediaMs, this.#totalMs);
    const times = `${seconds(at)} of ${seconds(this.#totalMs)} s`;
    if (!this.#tty) {
      if (Math.floor(at / 1000) > Math.floor(this.#said / 1000)) process.stdout.write(`spoken ${times}\n`);
      this.#said = at;
      return;
    }
    const block = Math.round(((Math.max(levelDb, -60) + 60) / 60) * (BLOCKS.length - 1));
    this.#levels = `${this.#levels}${BLOCKS[block]}`.slice(-16);
    const done = Math.round((at / this.#totalMs) * BAR);
    const bar = `${'━'.repeat(done)}\x1b[2m${'━'.repeat(BAR - done)}\x1b[22m`;
    process.stdout.write(`\r\x1b[2K  ${bar}  ${times}  \x1b[36m${this.#levels}\x1b[39m`);
  }

  end(): void {
    if (this.#tty) process.stdout.write('\r\x1b[2K');
  }
}

export function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}
