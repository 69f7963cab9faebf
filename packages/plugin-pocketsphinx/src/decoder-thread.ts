// The thread of a session: the end of an utterance takes up to 300 ms.

import { serveRecognizer } from '@sluice/core/voice';
import { Decoder } from './decoder.ts';

serveRecognizer(() => new Decoder());
