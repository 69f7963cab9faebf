import { checkKeys, invalidArgument } from '@sluice/core';
import { checkMs } from '../../options/check-option.ts';
import type { AddressSituation, AddressStrategy } from './address-strategy.ts';
import { plainWords } from './plain-words.ts';
import type { SpokenLine } from './speaker.ts';

/** Whatever is said is said to the agent. */
export function everyone(): AddressStrategy {
  return { name: 'everyone', addresses: () => 'implied' };
}

/**
 * Who says one of these names, anywhere in a turn, means the agent. Compared in whole words, without case, accents and
 * stops; give the spellings that the recogniser writes.
 *
 * @example
 * voiceAgent(bot, { ...models, speaks, addressing: byName(['Ada', 'Aida']) });
 * @throws TypeError for what is no list of names
 */
export function byName(names: readonly string[]): AddressStrategy {
  const given = 'a list of names with a letter or a digit in each';
  if (!Array.isArray(names) || names.length === 0) throw invalidArgument('byName.names', given, names);
  const known = names.map((name) => {
    if (typeof name !== 'string' || plainWords(name).trim() === '') throw invalidArgument('byName.names', given, name);
    return plainWords(name);
  });
  return {
    name: 'by-name',
    addresses: ({ text }) => {
      const said = plainWords(text);
      return known.some((name) => said.includes(name)) ? 'by-name' : undefined;
    },
  };
}

/** How long {@link lastPartner} takes somebody for the partner of a talk. */
export interface LastPartnerOptions {
  /** How long after the last line of the two of them, in milliseconds. Default 10,000. */
  readonly forMs?: number;
}

/**
 * Who talked with the agent last goes on talking with it, unless they begin with the name of somebody else who is there.
 *
 * @throws TypeError, RangeError for options that do not exist or are out of range
 */
export function lastPartner(options: LastPartnerOptions = {}): AddressStrategy {
  checkKeys<LastPartnerOptions>('lastPartner', options, { forMs: true });
  const { forMs = 10_000 } = options;
  checkMs('lastPartner.forMs', forMs);
  return {
    name: 'last-partner',
    addresses: (situation) => {
      const { speaker, startMs, log } = situation;
      const last = lastExchange(log);
      if (last?.partner !== speaker.id || startMs - last.endMs > forMs) return undefined;
      return callsAnother(situation) ? undefined : 'implied';
    },
  };
}

/** Who is alone with the agent means it. */
export function alone(): AddressStrategy {
  return { name: 'alone', addresses: ({ speakers }) => (speakers.length === 1 ? 'implied' : undefined) };
}

/**
 * The agent is meant if any of these says so.
 *
 * @example
 * const addressing = anyOf(byName(['Ada']), lastPartner({ forMs: 8_000 }));
 * @throws TypeError for what is no strategy
 */
export function anyOf(...strategies: readonly AddressStrategy[]): AddressStrategy {
  for (const strategy of strategies) checkAddressStrategy('anyOf', strategy);
  return {
    name: strategies.map(({ name }) => name).join(' or '),
    addresses: (situation) => {
      const found = strategies.map(({ addresses }) => addresses(situation));
      return found.includes('by-name') ? 'by-name' : found.find((one) => one !== undefined);
    },
  };
}

/** Refuses what is no strategy. */
export function checkAddressStrategy(name: string, strategy: AddressStrategy): void {
  if (typeof strategy?.addresses !== 'function')
    throw invalidArgument(
      name,
      "a strategy: everyone(), byName(['Ada']), lastPartner(), alone() or anyOf(...)",
      strategy,
    );
}

/** With whom the agent talked last, and until when. */
function lastExchange(log: readonly SpokenLine[]): { readonly partner: string; readonly endMs: number } | undefined {
  let partner: string | undefined;
  for (const line of log.toReversed()) {
    const other = line.who === 'agent' ? line.to : line.addressed === true ? line.speaker : undefined;
    if (other === undefined) continue;
    if (other !== (partner ?? other)) return undefined;
    partner = other;
    // Of a reply that was cut before anything of it was heard, what it replied to counts.
    const endMs = line.endMs ?? line.startMs;
    if (endMs !== undefined) return { partner, endMs };
  }
  return undefined;
}

function callsAnother({ speaker, speakers, text }: AddressSituation): boolean {
  const said = plainWords(text);
  return speakers.some(({ id, name = '' }) => {
    const full = plainWords(name);
    if (id === speaker.id || full.trim() === '') return false;
    return said.startsWith(full) || said.startsWith(` ${full.trim().split(' ')[0]} `);
  });
}
