import { realClock, sleep } from '@sluice/core';
import type { DeviceRegistry } from '../../../packages/transport/src/devices/registry.ts';
import { doModelDeed } from '../model-deeds.ts';
import type { CallDeed, CallSequence } from './call-actions.ts';
import { RealAgent } from './real-agent.ts';
import { RealPerson } from './real-person.ts';

export interface RealTalkOptions {
  readonly seed: number;
  readonly server: { readonly port: number; readonly roomUrl: (name: string) => string };
  /** Of all people, in all calls. */
  readonly devices: DeviceRegistry;
}

/** How long engine and network may take to be whole again, in milliseconds. */
const MENDED_MS = 20_000;
/** How long it may take until a path is found again whose address has changed, in milliseconds. */
const FOUND_MS = 1_500;

/** A conversation over a real call with everything that may go wrong in it. */
export class RealTalk {
  readonly agent: RealAgent;
  readonly ann: RealPerson;
  readonly bob: RealPerson;
  readonly #seed: number;
  readonly #ends = new Set<() => void>();
  readonly #moves: Promise<unknown>[] = [];
  #count = 0;
  #spoken = 0;

  /** Ann is there, and hears the agent. */
  static async open({ seed, server, devices }: RealTalkOptions): Promise<RealTalk> {
    const name = `live-${seed}`;
    const agent = await RealAgent.join({ port: server.port, name, seed });
    const person = (who: string) =>
      new RealPerson({
        name: who,
        device: `${who}-${seed}`,
        devices,
        url: server.roomUrl(name),
        agentId: agent.id,
      });
    const talk = new RealTalk(seed, agent, person('ann'), person('bob'));
    try {
      await talk.ann.join();
      return talk;
    } catch (error) {
      await talk.close();
      throw error;
    }
  }

  constructor(seed: number, agent: RealAgent, ann: RealPerson, bob: RealPerson) {
    this.#seed = seed;
    this.agent = agent;
    this.ann = ann;
    this.bob = bob;
  }

  async play(actions: CallSequence): Promise<void> {
    for (const { afterMs, deed } of actions) {
      await sleep(realClock, afterMs);
      this.#do(deed);
    }
  }

  /** Everything works from now on, Ann is there, and nobody speaks. */
  async endFaults(): Promise<void> {
    for (const end of this.#ends) end();
    this.#ends.clear();
    this.agent.plan.end();
    await Promise.all(this.#moves);
    await this.ann.join();
    for (const person of [this.ann, this.bob]) person.hush();
    const { agent, graph } = this.agent;
    agent.setCompany(true);
    if (agent.state.state === 'muted') agent.unmute();
    graph.resume({ scope: 'mouth' });
  }

  async close(): Promise<void> {
    for (const end of this.#ends) end();
    await Promise.allSettled(this.#moves);
    await Promise.all([this.ann.close(), this.bob.close()]);
    await this.agent.close();
  }

  #do(deed: CallDeed): void {
    const { ann, bob } = this;
    const { agent, graph, plan, line } = this.agent;
    const later = (ms: number, then: () => void) => this.#later(ms, then);
    if (doModelDeed({ agent, graph, plan, later, nextNumber: () => 3_000 + ++this.#count }, deed)) return;
    switch (deed.do) {
      case 'ann speaks':
        return ann.speak(this.#words('p'), deed.ms);
      case 'bob speaks':
        return bob.speak(this.#words('b'), deed.ms);
      case 'ann coughs':
        return ann.cough(deed.ms, this.#seed + ++this.#spoken);
      case 'ann hums':
        return ann.speak('uh huh', deed.ms);
      case 'ann barges in twice':
        ann.speak(this.#words('p'), 60);
        return later(130, () => ann.speak(this.#words('p'), 400));
      case 'bob comes':
        return this.#move(bob.join());
      case 'bob goes':
        return this.#move(bob.leave());
      case 'ann goes':
        agent.setCompany(false);
        this.#move(ann.leave());
        return this.#move(
          sleep(realClock, deed.ms)
            .then(() => ann.join())
            .then(() => agent.setCompany(true)),
        );
      case 'engine dies':
        return this.#move(this.#killEngine());
      case 'cut':
        return this.#cut(deed.ms, deed.direction);
      case 'lossy': {
        line.media.set({ loss: deed.loss });
        const ends = this.#deaf();
        return later(deed.ms, () => {
          line.media.set({});
          ends();
        });
      }
      case 'rebind': {
        line.media.rebind();
        const ends = this.#deaf();
        // Until the new way is found, also where all other faults are over before.
        void realClock.at(realClock.now() + FOUND_MS, ends);
        return;
      }
      case 'signalling':
        return this.#breakSignalling(deed.how, deed.ms);
    }
  }

  #cut(ms: number, direction: 'both' | 'outgoing' | 'incoming'): void {
    const { media } = this.agent.line;
    const of = direction === 'both' ? undefined : direction;
    void media.cut(Number.POSITIVE_INFINITY, of);
    const ends = this.#deaf();
    this.#later(ms, () => {
      media.restore(of);
      ends();
    });
  }

  #breakSignalling(how: 'cut' | 'stall' | 'reset' | 'half-open', ms: number): void {
    const { client, signalling } = this.agent.line;
    if (how === 'reset') return signalling.reset();
    if (how === 'half-open') {
      // It is whole again when the client has noticed, and has another.
      const whole = new Promise<void>((resolve) => {
        const off = client.on('network-connection', ({ kind, state }) => {
          if (kind !== 'signalling' || state !== 'connected') return;
          off();
          resolve();
        });
      });
      this.#move(Promise.race([whole, sleep(realClock, MENDED_MS)]));
      return signalling.halfOpen();
    }
    void signalling[how]();
    this.#later(ms, () => signalling.restore());
  }

  async #killEngine(): Promise<void> {
    const people = [this.ann, this.bob].filter(({ present }) => present);
    const ends = this.#deaf();
    this.agent.kill();
    const until = realClock.now() + MENDED_MS;
    const killed = realClock.now();
    await sleep(realClock, 200);
    // A stream that goes on is one of the new engine.
    while (realClock.now() < until && people.some(({ present, heard }) => present && heard.lastFrameAt < killed + 200))
      await sleep(realClock, 20);
    ends();
  }

  /** Nobody hears the agent from now on for sure. */
  #deaf(): () => void {
    const ends = [this.ann, this.bob].map(({ deaf }) => deaf.begin());
    return () => {
      for (const end of ends) end();
    };
  }

  #later(ms: number, then: () => void): void {
    const cancel = realClock.at(realClock.now() + ms, () => end());
    const end = () => {
      cancel();
      this.#ends.delete(end);
      then();
    };
    this.#ends.add(end);
  }

  #move(work: Promise<unknown>): void {
    this.#moves.push(work);
    // It is waited for, and fails the sequence, when all faults are over.
    work.catch(() => {});
  }

  #words(letter: string): string {
    return `${letter}${++this.#spoken} and q${this.#spoken}`;
  }
}
