import { SluiceError } from '../errors.ts';
import type { Cancel, Clock } from '../time/clock.ts';
import type { Actor } from './actors/actor.ts';
import { linksInTheWay, stuckActors } from './stuck-actors.ts';

/** How often it is looked, in milliseconds, while anybody waits. */
const LOOK_MS = 1_000;

export interface StallHost {
  readonly name: string;
  readonly clock: Clock;
  readonly actors: ReadonlyMap<string, Actor>;
  readonly status: string;
  failed(actor: Actor, reason: unknown): void;
}

/** Finds actors that will never move again, tells of them, and after a deadline fails the one that is in the way. */
export class StallWatch {
  readonly #host: StallHost;
  readonly #deadlineMs: number;
  #cancel: Cancel | undefined;
  #progress = '';
  #moved = 0;
  #since = 0;
  /** The reasons why the graph stands still. */
  problems: readonly Stall[] = [];

  constructor(host: StallHost, deadlineMs: number) {
    this.#host = host;
    this.#deadlineMs = deadlineMs;
  }

  /** Somebody waits for room, or has ended: look in a second. */
  arm(): void {
    if (this.#cancel !== undefined) return;
    const { status, clock } = this.#host;
    if (status === 'running' || status === 'draining') this.#cancel = clock.at(clock.now() + LOOK_MS, this.#look);
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  readonly #look = (): void => {
    this.#cancel = undefined;
    const { actors, clock } = this.#host;
    const stuck = stuckActors([...actors.values()]);
    const before = this.#moved;
    this.#moved = framesMoved(actors.values());
    if (stuck.length === 0) {
      this.problems = [];
      this.#progress = '';
      if (this.#moved !== before && [...actors.values()].some(waits)) this.arm();
      return;
    }
    const progress = `${stuck.map(({ id }) => id).join()} ${framesMoved(stuck)}`;
    if (progress !== this.#progress) {
      this.#progress = progress;
      this.#since = clock.now();
      this.problems = [];
    } else {
      const stall = describeStall(stuck);
      this.problems = stall;
      if (clock.now() - this.#since >= this.#deadlineMs) return this.#fail(stall);
    }
    if (Number.isFinite(this.#deadlineMs) || this.problems.length === 0) this.arm();
  };

  #fail(stall: readonly Stall[]): void {
    this.#progress = '';
    const [{ culprit, fix }] = stall as readonly [Stall];
    const what = stall.map(({ text }) => text).join('; ');
    this.#host.failed(
      culprit,
      new SluiceError('SLUICE_GRAPH_STALLED', `graph ${this.#host.name} stands still: ${what}`, {
        expected: `something to move within ${this.#deadlineMs} ms`,
        fix: `${fix}; deadlines.stallMs gives more time`,
        nodeId: culprit.id,
      }),
    );
    this.arm();
  }
}

/** A reason why actors stand still. */
export interface Stall {
  readonly culprit: Actor;
  readonly text: string;
  /** As a sentence, without the full stop. */
  readonly fix: string;
}

function framesMoved(actors: Iterable<Actor>): number {
  let frames = 0;
  for (const { framesIn, framesOut } of actors) frames += framesIn + framesOut;
  return frames;
}

function waits(actor: Actor): boolean {
  return !actor.over && (actor.blocked || actor.toldTheEnd);
}

/** Why they stand still; causes only, not who merely waits for one of them. */
function describeStall(stuck: readonly Actor[]): Stall[] {
  const ends = stuck.filter((actor) => !actor.blocked && actor.toldTheEnd).map(keptEnd);
  if (ends.length > 0) return ends;
  const full = stuck.filter((actor) => actor.blocked).flatMap((actor) => linksInTheWay(actor));
  const joins = full
    .filter(({ to }) => !to.open && !to.actor.blocked)
    .map((link) => join(link.from.actor, link.to, link.id));
  if (joins.length > 0) return joins;
  const names = stuck.map(({ id }) => `\`${id}\``).join(', ');
  if (full.length > 0) {
    const links = full.map(({ id, depth }) => `\`${id}\` (${depth} frames)`).join(', ');
    return [
      {
        culprit: full[0]!.from.actor,
        text: `${names} wait for each other in a circle, whose links are full: ${links}`,
        fix: "Let one link of the circle drop what has no room: with({ link: { policy: 'drop-oldest' } })",
      },
    ];
  }
  return [
    {
      culprit: stuck[0]!,
      text: `${names} wait for each other in a circle: none has a frame, and none sees an end`,
      fix: 'Take the link that closes the circle out with change(), or stop() the graph',
    },
  ];
}

function keptEnd(culprit: Actor): Stall {
  return {
    culprit,
    text: `\`${culprit.id}\` was told the end of what enters it and has not passed it on`,
    fix: `Let ${culprit.describe()} complete (destination.complete(), the promise of onDrain); work that takes longer says so with hold() or keepAlive()`,
  };
}

function join(sender: Actor, port: Actor['inputs'][number], link: string): Stall {
  const culprit = port.actor;
  const lacking = culprit.inputs.filter((input) => input.open && !input.ended && input.links.length > 0);
  const names = lacking.map(({ name, links }) => `\`${name}\` (from \`${links[0]!.from.actor.id}\`)`).join(', ');
  return {
    culprit,
    text: `\`${sender.id}\` waits for room on \`${link}\`, and \`${culprit.id}\` takes nothing more from \`${port.name}\` until ${names} has a frame, which waits for \`${sender.id}\``,
    fix: `Let more wait: with({ link: { capacity: { frames } } }) before .to(...) for \`${link}\`, or capacityMs of the input where it has one`,
  };
}
