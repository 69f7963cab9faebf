import { CreateError } from './create-error.ts';

/** What can be begun, each with what it is. A folder of `templates/` each. */
export const templates = {
  talkback: 'says back what it hears in a call, silent when somebody speaks',
  'audio-bot': 'plays a tune or a file into a call, waits while somebody speaks',
  'voice-agent': 'an agent that listens, answers and can be interrupted; no key',
  recorder: 'says that it records, and records what is said in a call',
  repro: 'the smallest program that shows a fault, to attach to a report',
  plugin: 'a package with nodes of your own, with their tests and checks',
} as const satisfies Readonly<Record<string, string>>;

/** Names of the templates. */
export type TemplateName = keyof typeof templates;

// Its keys are those of the object above and no others.
/** Names of all templates. */
export const templateNames = Object.keys(templates) as readonly TemplateName[];

/** Folders of `templates/` whose files a template has beside its own. */
export const sharedBy: Readonly<Record<TemplateName, readonly string[]>> = {
  talkback: ['_shared/project', '_shared/call'],
  'audio-bot': ['_shared/project', '_shared/call'],
  'voice-agent': ['_shared/project', '_shared/call'],
  recorder: ['_shared/project', '_shared/call'],
  repro: ['_shared/project'],
  plugin: [],
};

/** @throws CreateError CREATE_TEMPLATE */
export function checkTemplate(name: unknown): TemplateName {
  if (templateNames.includes(name as TemplateName)) return name as TemplateName;
  const what = name === undefined ? 'no template was given' : `there is no template ${String(name)}`;
  throw new CreateError('CREATE_TEMPLATE', `${what}; expected one of: ${templateNames.join(', ')}`);
}
