// The two ends of a graph in a WebSocket

export { mediaSocket } from './media-socket.ts';
export type {
  MediaSocket,
  MediaSocketControl,
  MediaSocketEvent,
  MediaSocketMetrics,
  MediaSocketOptions,
} from './media-socket-options.ts';
export type { MediaSocketEnd } from './socket/media-link.ts';
export type { WebSocketLike } from './socket/web-socket-like.ts';

// Forms

export { type MediaEncoding, mediaEncodings } from './forms/encoding.ts';
export { type JsonFormOptions, jsonForm } from './forms/json-form.ts';
export type { FormEvent, FormSession, MediaForm, MediaStart, WireMessage } from './forms/media-form.ts';
export { type RawFormOptions, rawForm } from './forms/raw-form.ts';
export { type TwilioFormOptions, twilioForm, twilioTracks } from './forms/twilio-form.ts';

// Errors

export { badMessage, mediaSocketError, type WebsocketErrorCode, websocketErrorCodes } from './errors.ts';
