import { realClock, sleep } from '@sluice/core';
import { Daily } from '@sluice/transport';
import { ChildProgram } from '../measuring/child-program.ts';
import { percentile } from '../measuring/percentile.ts';
import { canMeasureTrees, ProcessTree } from '../measuring/process-tree.ts';
import type { Bench } from '../measuring/report.ts';
import { percentileInTenths } from '../measuring/rounds.ts';
import { Listeners } from './listeners.ts';

/** Others in the room: signalling alone, and pairs with media. */
const SIGNALLING = 42;
const PAIRS = 4;
const EVERY_MS = 500;

/** What one hostile participant does to fifty others of its server: 42 that only talk to it, and four calls of two. */
export const hostile: Bench = {
  name: 'hostile',
  async run(report, { quick, note }) {
    const ms = quick ? 4_000 : 15_000;
    await using host = new ChildProgram('room-host', { flags: ['--expose-gc'] });
    await using members = new ChildProgram('members');
    await using attacker = new ChildProgram('hostile');
    const server = await host.call<string>('start');
    Daily.init();
    const pairs: Listeners[] = [];
    try {
      await members.call('join', `${server}/crowd`, SIGNALLING);
      for (let pair = 0; pair < PAIRS; pair++) {
        const url = `${server}/pair-${pair}`;
        pairs.push(await Listeners.join(url, url, 1));
      }
      const lost = () => pairs.reduce((sum, pair) => sum + pair.lostMs, 0);
      const memory = () => (canMeasureTrees() ? new ProcessTree(host.pid).memoryMb() : Number.NaN);
      const calm = await members.call<number[]>('askFor', ms, EVERY_MS);
      await host.call('settle');
      const [lostBefore, memoryBefore] = [lost(), memory()];
      const attack = attacker.call<{ sent: number; joins: number }>('attack', `${server}/crowd`, ms);
      const under = await members.call<number[]>('askFor', ms, EVERY_MS);
      const memoryUnder = memory();
      const { sent, joins } = await attack;
      await sleep(realClock, 1_000);
      const left = await members.call<number>('left');
      note(`${sent} messages of the attacker, ${joins} times in; ${left} of ${SIGNALLING} members still there`);
      const peer = { name: 'without the attacker', value: percentile(calm, 0.99) };
      report('answer to a message, p99, under attack', percentileInTenths(under, 0.99), 'ms', peer, 'lower');
      report(
        'sound lost under attack, of four calls',
        lost() - lostBefore,
        'ms',
        { name: 'before', value: lostBefore },
        'lower',
      );
      report('memory of the server, more', memoryUnder - memoryBefore, 'MB', undefined, 'lower');
      report('members still there', left, 'members', { name: 'before', value: SIGNALLING });
    } finally {
      for (const pair of pairs) await pair[Symbol.asyncDispose]();
      await Daily.deinit();
      await host.call('close');
    }
  },
};
