import { nearestName, unknownKey } from '../check-keys.ts';
import { invalidArgument, SluiceError } from '../errors.ts';
import { inputSchema, namesKeys, unknownSchemaKey } from './schema-keys.ts';
import { issuePath, type StandardSchema } from './standard-schema.ts';

/** What a factory takes: what its schema takes, required where the schema requires something. */
export type NodeArguments<Input> = Record<never, never> extends Input ? [options?: Input] : [options: Input];

export interface CheckedOptions<Options> {
  readonly options: Options;
  /** What is doubtful about them: what was done to the node that is named before. */
  readonly warnings: readonly string[];
}

/** Where a node's options are declared. */
interface Declaration<Input, Options> {
  readonly name: string;
  readonly options?: StandardSchema<Input, Options>;
  readonly optionKeys?: readonly string[];
}

/**
 * Checks options by the node's schema. Keys come from `optionKeys`, else from the schema's JSON Schema: others are refused,
 * because validation drops them in silence. Where neither names keys, what was dropped becomes a warning.
 */
export function checkFactoryOptions<Input, Options>(
  node: Declaration<Input, Options>,
  given: unknown,
): CheckedOptions<Options> {
  const value = given ?? {};
  if (typeof value !== 'object' || Array.isArray(value) || value instanceof Promise)
    throw invalidArgument(node.name, 'an object with the options of the node', value);
  const schema = node.options === undefined ? undefined : inputSchema(node.options);
  if (node.optionKeys !== undefined) {
    const stray = Object.keys(value).find((key) => !node.optionKeys!.includes(key));
    if (stray !== undefined) throw unknownKey(node.name, stray, node.optionKeys);
  } else if (schema !== undefined) {
    const stray = unknownSchemaKey(value, schema);
    if (stray !== undefined) throw unknownKey(`${node.name}.${stray.path}`.replace(/\.$/, ''), stray.key, stray.known);
  }
  if (node.options === undefined) return { options: value as Options, warnings: [] };
  const options = validated(node.name, node.options, value);
  const named = node.optionKeys !== undefined || (schema !== undefined && namesKeys(schema));
  return { options, warnings: named ? [] : dropped(value, options) };
}

function validated<Options>(name: string, schema: StandardSchema<unknown, Options>, given: object): Options {
  const result = schema['~standard'].validate(given);
  if (result instanceof Promise)
    throw new SluiceError('SLUICE_NODE_OPTIONS', `the options schema of ${name} is asynchronous`, {
      fix: 'Use a schema that validates synchronously',
    });
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map((issue) => `${issuePath(issue)}: ${issue.message}`).join('; ');
  throw new SluiceError('SLUICE_NODE_OPTIONS', `the options of ${name} are not valid: ${issues}`, { received: given });
}

/** A schema that renames keys drops them too: whoever writes one says so with `optionKeys`. */
function dropped(given: object, options: unknown): string[] {
  if (typeof options !== 'object' || options === null) return [];
  const kept = Object.keys(options);
  return Object.keys(given)
    .filter((key) => !Object.hasOwn(options, key))
    .map((key) => {
      const near = nearestName(key, kept);
      const hint = near === undefined ? '' : `, did you mean ${near}`;
      return `was given the option ${key}, which its schema drops${hint}; correct it, or name it in the node's optionKeys`;
    });
}
