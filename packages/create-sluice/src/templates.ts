import { CreateError } from './create-error.ts';

/** What can be begun, each with what it is. A folder of `templates/` each. */
export const templates = {
  plugin: 'a package with nodes of your own: a source, an operator, a sink, tests and checks',
} as const satisfies Readonly<Record<string, string>>;

/** Names of the templates. */
export type TemplateName = keyof typeof templates;

// Its keys are those of the object above and no others.
/** Names of all templates. */
export const templateNames = Object.keys(templates) as readonly TemplateName[];

/** @throws CreateError CREATE_TEMPLATE */
export function checkTemplate(name: unknown): TemplateName {
  if (templateNames.includes(name as TemplateName)) return name as TemplateName;
  const what = name === undefined ? 'no template was given' : `there is no template ${String(name)}`;
  throw new CreateError('CREATE_TEMPLATE', `${what}; expected one of: ${templateNames.join(', ')}`);
}
