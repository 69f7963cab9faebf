// Sound in containers, in JavaScript

export {
  type ContainerDescription,
  type ContainerPictures,
  type ContainerSound,
  describeContainer,
} from './describe-container.ts';
export { type FromContainerOptions, fromContainer } from './from-container.ts';
export type { ContainerInput } from './input/container-input.ts';
export { type ToContainerOptions, toContainer } from './to-container.ts';
export {
  type ContainerEncoding,
  type ContainerFormat,
  containerEncodings,
  containerFormats,
} from './writing/container-format.ts';
export type { ContainerFileResult } from './writing/container-sink.ts';
export type { OnProgress, WritingProgress } from './writing/writing-progress.ts';

// Errors

export { type ContainerErrorCode, containerErrorCodes } from './errors.ts';
