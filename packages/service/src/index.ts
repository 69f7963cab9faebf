// What a model behind a network service needs beside the contract of core: for our plugins and those of others.

// Who is spoken to, and with which key

export { checkSecretSource, type SecretSource, secretOf } from './faults/secret-of.ts';
export type { ServiceFault, ServiceIdentity } from './faults/service-error.ts';

// How all models of a service over sockets are reached

export { type ServiceAccess, type ServicePlace, serviceAccess } from './access/service-access.ts';
export { checkServiceOptions, type ServiceOptions, serviceKeys } from './access/service-options.ts';

// What came over the wire

export { parseJson } from './faults/parse-json.ts';
export { fieldsOf, listOf, textOf } from './faults/read-fields.ts';

// Faults to errors that say what helps

export { networkError } from './faults/network-error.ts';
export { readFault, type SaidFault } from './faults/read-fault.ts';
export { redact } from './faults/redact.ts';
export { retryAfterMs } from './faults/retry-after.ts';
export { serviceError } from './faults/service-error.ts';

// Waiting for a service

export { inTime, type ServiceContext } from './in-time.ts';

// Requests

export { type EventsOfOptions, eventsOf, type ServerSentEvent } from './http/events-of.ts';
export { requestService, type ServiceRequest } from './http/request-service.ts';
export { ServiceResponse } from './http/service-response.ts';

// Sockets

export { KeptSocket, type KeptSocketOptions } from './socket/kept-socket.ts';
export { ServiceSocket } from './socket/service-socket.ts';
export type { ServiceSocketOptions, SocketEnd, SocketFault, SocketMessage } from './socket/socket-options.ts';
export { checkBaseUrl, type SocketQuery, socketUrl } from './socket/socket-url.ts';

// Recognition and speech over a socket: what a service says in its own words, to a session of a model

export { RecognitionLine } from './recognition/recognition-line.ts';
export type { HeardWord, RecognitionNews, RecognitionProtocol } from './recognition/recognition-protocol.ts';
export { SentAudio } from './recognition/sent-audio.ts';
export { SpeechLine } from './speech/speech-line.ts';
export type { SpeechNews, SpeechProtocol } from './speech/speech-protocol.ts';

// Samples on the wire

export { PcmReader, pcmBytes, pcmSamples } from './sound/pcm.ts';

// Options and settings

export { checkBetween, checkFlag, checkOneOf, checkText, checkTexts } from './check-options.ts';
