import assert from 'node:assert/strict';

/** What is told of a request. */
export interface Answered {
  readonly type: string;
  readonly id: string;
}

/** Each request has its events together, in the order of the requests, and one end. */
export function assertRequests(events: readonly Answered[], requests: readonly { readonly id: string }[]): void {
  const order = events.map(({ id }) => id).filter((id, i, all) => id !== all[i - 1]);
  assert.deepEqual(
    order,
    requests.map(({ id }) => id),
    'the order of requests',
  );
  for (const { id } of requests) {
    const own = events.filter((event) => event.id === id);
    const ends = own.filter(({ type }) => type === 'finished' || type === 'failed');
    assert.equal(ends.length, 1, `ends of ${id}`);
    assert.equal(own.at(-1), ends[0], `something of ${id} came after its end`);
  }
}
