import { sleep } from '@sluice/core';
import type { SessionContext } from '@sluice/core/voice';

/** What a language model does with its next request instead of answering. `late` tells after it was given up. */
export const mindFaults = [
  'slow',
  'dead',
  'half',
  'half-lost',
  'flood',
  'nothing',
  'blank',
  'tool-hangs',
  'tool-throws',
  'tool-loop',
  'tool-unknown',
  'tool-arguments',
  'tool-progress',
  'tool-later',
  'tool-forgotten',
  'tools',
  'late',
  'lost',
  'failed',
  'throws',
] as const;
/** What a synthesizer does with its next sentence. */
export const voiceFaults = [
  'slow',
  'dead',
  'flood',
  'rate',
  'channels',
  'half-lost',
  'half-dead',
  'late',
  'empty',
  'odd',
  'lost',
  'failed',
  'retry',
] as const;
/** What a recogniser does with the next stretch of speech. */
export const earFaults = ['silent', 'late', 'ghost', 'lost', 'partials', 'rejected'] as const;
/** What a recogniser that judges turns does with the next turn, beside the faults of ears. */
export const turnFaults = [
  'flaps',
  'resumed',
  'withdrawn',
  'other-words',
  'spelled',
  'sudden',
  'too-soon',
  'endless',
] as const;
/** What a voice detector does for a while. */
export const detectorFaults = ['lost', 'stuck', 'chatter'] as const;

export type MindFault = (typeof mindFaults)[number];
export type VoiceFault = (typeof voiceFaults)[number];
export type EarFault = (typeof earFaults)[number];
export type TurnFault = (typeof turnFaults)[number];
export type DetectorFault = (typeof detectorFaults)[number];

/** What may be refused when it is opened. */
export const openings = ['mind', 'voice', 'ear', 'detector'] as const;
export type Opening = (typeof openings)[number];

/** How long opening takes, in milliseconds. */
const OPENING_MS = 150;

/** The faults that are still to come: each is taken once by the next request, until all of them end. */
export class FaultPlan {
  readonly mind: MindFault[] = [];
  readonly voice: VoiceFault[] = [];
  readonly ear: EarFault[] = [];
  readonly turn: TurnFault[] = [];
  /** Numbers of words that were said in another format than was promised: what is heard of them has other samples. */
  readonly disguised = new Set<number>();
  detector: DetectorFault | undefined;
  /** Everything works: what goes on from before does too. */
  isOver = false;
  /** What names of models begin with. */
  readonly name: string;
  /** How often opening hangs from now on, before it is refused; and how many hang now. */
  readonly hangs: Record<Opening, number> = { mind: 0, voice: 0, ear: 0, detector: 0 };
  hanging = 0;
  /** How often opening is refused from now on. */
  readonly refusals: Record<Opening, number> = { mind: 0, voice: 0, ear: 0, detector: 0 };

  constructor(name = 'faulty') {
    this.name = name;
  }

  /** It is lost, and the next does not open. */
  hang(opening: Opening): void {
    this.hangs[opening]++;
    if (opening === 'detector') this.detector = 'lost';
    else (this[opening] as string[]).push('lost');
  }

  /** From now on everything works; what hangs goes on to. */
  end(): void {
    this.isOver = true;
    for (const list of [this.mind, this.voice, this.ear, this.turn]) list.length = 0;
    this.detector = undefined;
    for (const opening of openings) {
      this.refusals[opening] = 0;
      this.hangs[opening] = 0;
    }
  }

  /** Waits for as long as opening takes: for ever, if it hangs. @throws where it is refused */
  async checkOpening(
    opening: Opening,
    { clock, signal }: Pick<SessionContext<unknown, unknown>, 'clock' | 'signal'>,
  ): Promise<void> {
    if (this.hangs[opening] > 0) {
      this.hangs[opening]--;
      this.hanging++;
      await sleep(clock, Number.POSITIVE_INFINITY, signal).finally(() => this.hanging--);
    }
    await sleep(clock, OPENING_MS, signal);
    if (this.refusals[opening] === 0) return;
    this.refusals[opening]--;
    throw new Error(`${opening} refused`);
  }
}
