import { invalidArgument } from '../errors.ts';

/** A control message that a node takes: for whoever looks for one, and for forms that send it. */
export interface ControlSpec {
  /** What it does, in one sentence. */
  readonly description: string;
  /**
   * JSON Schema of what goes with `type`, an object; absent where that is nothing. It is shown and checks nothing: the node
   * refuses what it cannot use.
   */
  readonly schema?: Readonly<Record<string, unknown>>;
}

/** Control messages by their `type`. */
export type ControlSpecs = Readonly<Record<string, ControlSpec>>;

/** Checks what the author of a node declares. @throws TypeError that names the node, and the message that is wrong */
export function checkControls(node: string, controls: ControlSpecs | undefined): void {
  if (controls === undefined) return;
  if (typeof controls !== 'object' || controls === null || Array.isArray(controls))
    throw invalidArgument(`${node}.controls`, 'an object of messages by their type', controls);
  for (const [type, spec] of Object.entries(controls)) {
    if (!/^[a-z][a-z0-9-]*$/.test(type))
      throw invalidArgument(`${node}.controls`, 'types of lower-case letters, digits and hyphens', type);
    if (typeof spec?.description !== 'string' || spec.description === '')
      throw invalidArgument(`${node}.controls.${type}.description`, 'a sentence', spec?.description);
    const { schema } = spec;
    if (schema !== undefined && (typeof schema !== 'object' || schema === null || Array.isArray(schema)))
      throw invalidArgument(`${node}.controls.${type}.schema`, 'a JSON Schema of an object', schema);
  }
}
