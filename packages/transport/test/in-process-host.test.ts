import { createInProcessHost } from '../src/host/engine/in-process-host.ts';
import { mediaHostContract } from './media-host-contract.ts';

mediaHostContract('in this process', () => createInProcessHost());
