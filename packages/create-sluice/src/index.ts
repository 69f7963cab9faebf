// Beginning a project: what the command `create-sluice` does, for other programs.

export { CreateError, type CreateErrorCode, createErrorCodes } from './create-error.ts';
export { type CreatedPart, type CreatePartOptions, createPart, type PartName, parts } from './create-part.ts';
export { type CreatedProject, type CreateOptions, createProject } from './create-project.ts';
export { type TemplateName, templateNames, templates } from './templates.ts';
