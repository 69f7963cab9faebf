import { startJanus } from '@sluice/transport/testing';
import { inJanus } from './in-janus.ts';
import { rowsHold } from './rows-hold.ts';

let rooms = 0;

rowsHold(
  'Janus',
  async () => {
    const janus = await startJanus();
    return {
      url: () => janus.roomUrl(`daily-${++rooms}`),
      ownerUrl: (url) => `${url}&secret=owners`,
      ownerToken: 'no-list-of-tokens',
      close: () => janus.close(),
    };
  },
  inJanus,
);
