// The process of a session: a file that is no model takes it down, and no thread would hold that.

import { serveRecognizer } from '@sluice/core/voice';
import { Decoder } from './decoder.ts';

serveRecognizer(() => Decoder.create());
