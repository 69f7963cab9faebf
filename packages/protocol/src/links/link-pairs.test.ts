import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PeerBody } from '../peer-body.ts';
import { LinkNames } from './link-names.ts';

interface Said {
  readonly link: PeerBody['link'];
  /** The connection that said it. */
  readonly connection: number;
}

let made = 0;

/** One side: its names, and the connection that it has now. */
class Side {
  readonly names = new LinkNames();
  /** On their way to the other side, in order. */
  readonly out: Said[] = [];
  connection = ++made;
  /** Of the other side, from whom this one has taken something. */
  partner: number | undefined;

  say(): void {
    this.out.push({ link: this.names.ids, connection: this.connection });
  }

  renew(): void {
    this.names.renew();
    this.#begin();
  }

  take({ link, connection }: Said): void {
    const named = this.names.take(link);
    if (named === 'past') return;
    if (named !== 'current') this.#begin();
    if (named === 'crossed') return;
    this.partner ??= connection;
    expect(connection, 'one connection takes what two of the other side say').toBe(this.partner);
  }

  #begin(): void {
    this.connection = ++made;
    this.partner = undefined;
    this.say();
  }
}

const step = fc.constantFrom('here says', 'there says', 'here renews', 'there renews', 'to here', 'to there');

test('whatever begins anew while things are on their way, each connection belongs to one, and both to each other in the end', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const [here, there] = [new Side(), new Side()];
      const deliver = (from: Side, to: Side) => {
        const said = from.out.shift();
        if (said !== undefined) to.take(said);
      };
      for (const one of steps) {
        if (one === 'here says') here.say();
        else if (one === 'there says') there.say();
        else if (one === 'here renews') here.renew();
        else if (one === 'there renews') there.renew();
        else if (one === 'to here') deliver(there, here);
        else deliver(here, there);
      }
      here.say();
      there.say();
      // Nobody begins anew without end because the other one does.
      for (let left = 1_000; here.out.length + there.out.length > 0; left--) {
        expect(left).toBeGreaterThan(0);
        deliver(here, there);
        deliver(there, here);
      }
      here.say();
      there.say();
      deliver(here, there);
      deliver(there, here);
      expect([here.partner, there.partner]).toEqual([there.connection, here.connection]);
    }),
    { numRuns: 500 },
  );
});
