import { describe, expect, it } from 'vitest';
import { graph } from './graph.ts';

describe('figures of what was built into a graph', () => {
  it('are asked for when somebody looks, and only then', () => {
    const bot = graph('bot');
    expect(bot.inspect()).not.toHaveProperty('figures');
    let asked = 0;
    const takeBack = bot.figures('agent', () => ({ turns: ++asked }));
    bot.figures('agent', () => ({ turns: 0 }));
    expect(asked).toBe(0);
    expect(bot.inspect().figures).toEqual({ agent: { turns: 1 }, 'agent-2': { turns: 0 } });
    takeBack();
    expect(bot.inspect().figures).toEqual({ 'agent-2': { turns: 0 } });
  });

  it('of one that fails say why, and nobody else is kept from telling', () => {
    const bot = graph('bot');
    bot.figures('broken', () => {
      throw new Error('no figures');
    });
    bot.figures('fine', () => ({ turns: 1 }));
    expect(bot.inspect().figures).toEqual({ broken: { error: 'no figures' }, fine: { turns: 1 } });
  });
});
