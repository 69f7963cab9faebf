import { limits } from '@sluice/protocol';
import { expect, test } from 'vitest';
import { checkJoin } from './call-client-options.ts';

const lease = { job: 'greeter', revision: 7 };

test.each([lease, { ...lease, revision: 0 }, { ...lease, revision: limits.leaseRevision, onBegin: () => {} }])(
  'takes the lease %o',
  (good) => {
    expect(() => checkJoin({ lease: good }, undefined)).not.toThrow();
  },
);

test.each([
  [{ ...lease, job: '' }, /lease.job .*1 to 128/],
  [{ ...lease, job: 'x'.repeat(129) }, /lease.job/],
  [{ ...lease, revision: -1 }, /lease.revision .*0 to 281474976710655/],
  [{ ...lease, revision: 1.5 }, /lease.revision/],
  [{ ...lease, revision: limits.leaseRevision + 1 }, /lease.revision/],
  [{ ...lease, onBegin: true }, /lease.onBegin .*a function/],
  [7, /lease/],
])('refuses the lease %o', (bad, message) => {
  expect(() => checkJoin({ lease: bad } as never, undefined)).toThrow(message);
});
