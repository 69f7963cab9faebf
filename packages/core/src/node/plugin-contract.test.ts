import { describe, expect, it } from 'vitest';
import { graph } from '../graph/graph.ts';
import { defineNode } from './define-node.ts';
import { isBlueprint, PLUGIN_CONTRACT } from './plugin-contract.ts';
import { audioPort } from './port.ts';

const hum = defineNode({
  name: 'hum',
  package: 'sluice-plugin-hum',
  inputs: {},
  outputs: { out: audioPort() },
  create: () => ({}),
});
/** As another version of this package would have made it. */
const ofContract = (contract: unknown, change: object = {}) => ({ ...hum(), ...change, contract: contract as number });
const refused = (blueprint: ReturnType<typeof hum>) => {
  try {
    graph('bot').add(blueprint);
  } catch (error) {
    return error as Error & { code: string };
  }
  throw new Error('it was added');
};

describe('the contract of a blueprint', () => {
  it('is that of the core that made it, on factory and blueprint', () => {
    expect(hum.contract).toBe(PLUGIN_CONTRACT);
    expect(hum()).toMatchObject({ contract: PLUGIN_CONTRACT, package: 'sluice-plugin-hum' });
    expect(graph('bot').add(hum()).id).toBe('hum');
  });

  it('names both numbers, the node, its package, who made it, and what to update', () => {
    const { code, message } = refused(ofContract(2, { madeBy: 'file:///app/node_modules/x/core/index.js' }));
    expect(code).toBe('SLUICE_PLUGIN_CONTRACT');
    expect(message).toBe(
      'the node hum of sluice-plugin-hum was made by file:///app/node_modules/x/core/index.js for another contract ' +
        "than this core's; expected contract 1; received 2. Update @sluice/core to one of contract 2, or install an " +
        'earlier sluice-plugin-hum; `npm ls @sluice/core` shows who brings which core',
    );
  });

  it.each([0, undefined, null, '1', Number.NaN, {}])('%j is none that this core speaks', (contract) => {
    const { code, message } = refused(ofContract(contract, { package: undefined, madeBy: undefined }));
    expect(code).toBe('SLUICE_PLUGIN_CONTRACT');
    expect(message).toMatch(/^the node hum was made for another contract/);
    expect(message).toMatch(/Update the package of the node to a version for contract 1/);
  });

  it('is told by a mark that copies of the package share, never by a class', () => {
    const foreign = { ...hum() };
    expect(Reflect.get(foreign, Symbol.for('sluice.blueprint'))).toBe(true);
    expect(isBlueprint(foreign)).toBe(true);
    expect(graph('bot').add(foreign).id).toBe('hum');
  });

  it.each([undefined, null, hum, { name: 'x', create: () => ({}), contract: 1, inputs: {}, outputs: {} }, 'hum'])(
    'refuses what defineNode did not make: %s',
    (value) => {
      expect(isBlueprint(value)).toBe(false);
      expect(() => graph('bot').add(value as never)).toThrow(
        expect.objectContaining({ code: 'SLUICE_INVALID_ARGUMENT', message: expect.stringMatching(/defineNode/) }),
      );
    },
  );
});
