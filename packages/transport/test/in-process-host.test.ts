import { createInProcessHost } from '../src/host/engine/in-process-host.ts';
import { wait } from './linked-connections.ts';
import { mediaHostContract } from './media-host-contract.ts';
import { pictureSourcesContract } from './picture-sources-contract.ts';

mediaHostContract('in this process', () => createInProcessHost());
pictureSourcesContract('in this process', () => ({ host: createInProcessHost(), settle: () => wait(20) }));
