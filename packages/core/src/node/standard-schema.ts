/**
 * The part of the Standard Schema interface (standardschema.dev, version 1) that sluice calls. Zod, Valibot and ArkType
 * schemas have it; those of Zod and ArkType also tell their JSON Schema, with which keys can be checked.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** What the standard asks of a schema, under the key that the standard gives it. */
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly jsonSchema?:
      | {
          readonly input: (options: {
            readonly target: 'draft-2020-12';
            readonly libraryOptions?: Readonly<Record<string, unknown>>;
          }) => Readonly<Record<string, unknown>>;
        }
      | undefined;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

/** What a schema says of a value, as Standard Schema has it. */
export type SchemaResult<Output> =
  | {
      /** The value, checked and completed. */
      readonly value: Output;
      /** Absent where nothing is wrong. */
      readonly issues?: undefined;
    }
  | {
      /** What is wrong, one at least. */
      readonly issues: readonly SchemaIssue[];
    };

/** What a schema found wrong, as Standard Schema has it. */
export interface SchemaIssue {
  /** What is wrong, as a sentence for people. */
  readonly message: string;
  /** The keys that lead to it, outermost first. Absent where it is the value itself. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The dotted path of an issue: `levels.0.db`. */
export function issuePath(issue: SchemaIssue): string {
  const keys = issue.path?.map((segment) => String(typeof segment === 'object' ? segment.key : segment));
  return keys === undefined || keys.length === 0 ? 'options' : keys.join('.');
}
