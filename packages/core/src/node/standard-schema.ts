/**
 * The part of the Standard Schema interface (standardschema.dev, version 1) that sluice calls. Zod, Valibot and ArkType
 * schemas have it; those of Zod and ArkType also tell their JSON Schema, with which keys can be checked.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
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
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** What a schema found wrong, as Standard Schema has it. */
export interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The dotted path of an issue: `levels.0.db`. */
export function issuePath(issue: SchemaIssue): string {
  const keys = issue.path?.map((segment) => String(typeof segment === 'object' ? segment.key : segment));
  return keys === undefined || keys.length === 0 ? 'options' : keys.join('.');
}
