// The thread of a session. Decoding would hold up the event loop for tens of milliseconds.

import { serveRecognizer } from '@sluice/core/voice';
import { Decoder } from './decoder.ts';

serveRecognizer(Decoder.create);
