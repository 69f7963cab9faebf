import { isBuiltin } from 'node:module';
import { CreateError } from './create-error.ts';

const PART = /^[a-z0-9~-][a-z0-9._~-]*$/;
/** The longest name that the registry takes. */
const LONGEST = 214;
const RESERVED = ['node_modules', 'favicon.ico'];

/**
 * Refuses what npm refuses as the name of a new package (docs.npmjs.com/cli/configuring-npm/package-json#name).
 *
 * @throws CreateError CREATE_NAME
 */
export function checkPackageName(name: string): string {
  const fault = faultOf(name);
  if (fault === undefined) return name;
  throw new CreateError('CREATE_NAME', `${JSON.stringify(name)} is no name for a package: ${fault}`);
}

function faultOf(name: string): string | undefined {
  if (name.length === 0) return 'it is empty';
  if (name.length > LONGEST) return `it is longer than ${LONGEST} characters`;
  const better = name.toLowerCase().replaceAll(/\s+/g, '-');
  if (name !== better && faultOf(better) === undefined)
    return `it has ${/\s/.test(name) ? 'blanks' : 'capitals'}; try ${JSON.stringify(better)}`;
  const parts = name.startsWith('@') ? name.slice(1).split('/') : [name];
  if (name.startsWith('@') && parts.length !== 2) return 'a scoped name is @scope/name';
  if (!parts.every((part) => PART.test(part)))
    return 'it may have lower-case letters, digits, hyphens, dots, underscores and tildes, and begins with none of . and _';
  if (RESERVED.includes(name)) return 'it is reserved';
  if (isBuiltin(name)) return 'it is a module of Node';
  return undefined;
}
