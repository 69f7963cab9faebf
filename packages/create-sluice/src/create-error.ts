/** Why a project was not made. */
export const createErrorCodes = [
  'CREATE_NAME',
  'CREATE_TEMPLATE',
  'CREATE_FOLDER',
  'CREATE_WRITE',
  'CREATE_MANAGER',
  'CREATE_INSTALL',
] as const;
/** Codes of the errors that this package raises. */
export type CreateErrorCode = (typeof createErrorCodes)[number];

/**
 * A project was not made: `CREATE_NAME` (no name for a package), `CREATE_TEMPLATE` (there is none of that name),
 * `CREATE_FOLDER` (something is there already) or `CREATE_WRITE` (the disk; `cause` says what). Of the command alone:
 * `CREATE_MANAGER` (no package manager) and `CREATE_INSTALL` (it failed). The message says what to do.
 */
export class CreateError extends Error {
  override readonly name = 'CreateError';
  readonly code: CreateErrorCode;

  constructor(code: CreateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
