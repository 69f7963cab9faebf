import type { ContentfulStatusCode } from 'hono/utils/http-status';

const statuses = {
  invalid: 400,
  unauthorized: 401,
  origin: 403,
  'not-found': 404,
  'name-taken': 409,
  'too-many-rooms': 409,
  'too-large': 413,
  'media-type': 415,
  host: 421,
  rate: 429,
  failed: 500,
  unavailable: 501,
} as const satisfies Record<string, ContentfulStatusCode>;
export type RestCode = keyof typeof statuses;

/** An answer other than what was asked for: a code for programs and a sentence for people, neither with a path or a stack. */
export class RestFault extends Error {
  readonly code: RestCode;
  readonly status: ContentfulStatusCode;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: RestCode, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'RestFault';
    this.code = code;
    this.status = statuses[code];
    this.headers = headers;
  }
}

/** A room that is not there, and one of somebody else: the two must look the same. */
export const noRoom = () => new RestFault('not-found', 'there is no such room');
