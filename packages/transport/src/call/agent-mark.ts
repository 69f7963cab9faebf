import type { Participant } from './participants.ts';

/**
 * User data that says of a participant that it is an agent: `{ ...userData, sluice: { agent: true } }`. Others know by it
 * that nobody sits there, and two agents do not talk to each other for ever.
 *
 * @example
 * await client.join(url, { userName: 'Ada', userData: agentUserData() });
 */
export function agentUserData<T extends object>(userData?: T): T & { readonly sluice: { readonly agent: true } } {
  // What is left out is nothing of T.
  return { ...userData, sluice: { agent: true } } as T & { readonly sluice: { readonly agent: true } };
}

/** Whether a participant says of itself that it is an agent, as `agentUserData` does. */
export function isAgent({ info }: Pick<Participant, 'info'>): boolean {
  const data = info.userData as { readonly sluice?: { readonly agent?: unknown } } | null | undefined;
  return data?.sluice?.agent === true;
}
