import type { Denial, LeaveReason, Refusal } from '@sluice/protocol';

/** What a hub has counted since it began, and what it holds now. For metrics. */
export interface HubCounts {
  readonly rooms: number;
  /** Those who are shown, those who are not, those without a socket among both, and those who wait to be let in. */
  readonly participants: number;
  readonly hidden: number;
  readonly detached: number;
  readonly waiting: number;
  readonly recordings: number;
  readonly transcriptions: number;
  readonly joined: number;
  readonly resumed: number;
  readonly left: Readonly<Partial<Record<LeaveReason, number>>>;
  /** Messages of clients, and those of them that were passed on to one other. */
  readonly received: number;
  readonly relayed: number;
  readonly refused: Readonly<Partial<Record<Refusal, number>>>;
  readonly granted: number;
  readonly denied: Readonly<Partial<Record<Denial, number>>>;
}

/** What only ever grows. */
export class HubTally {
  joined = 0;
  resumed = 0;
  received = 0;
  relayed = 0;
  granted = 0;
  readonly left: Partial<Record<LeaveReason, number>> = {};
  readonly refused: Partial<Record<Refusal, number>> = {};
  readonly denied: Partial<Record<Denial, number>> = {};

  countLeft(reason: LeaveReason): void {
    this.left[reason] = (this.left[reason] ?? 0) + 1;
  }

  countRefused(refusal: Refusal): void {
    this.refused[refusal] = (this.refused[refusal] ?? 0) + 1;
  }

  countDenied(denial: Denial): void {
    this.denied[denial] = (this.denied[denial] ?? 0) + 1;
  }
}
