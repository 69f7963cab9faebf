import { extname } from 'node:path';
import { invalidArgument, type Micros } from '@sluice/core';
import { checkPath } from '../../options/file-path.ts';
import type { ImageEncoding } from './encode-picture.ts';

/** What the name of an image may say. */
export interface ImageFileInfo {
  /** Of the file, from 1. */
  readonly number: number;
  /** Media time of the picture, in microseconds. */
  readonly timestamp: Micros;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}

/** A path or `file:` URL in which `%d` or `%05d` is the number of the file and `%%` a percent sign, or what names each file. */
export type ImageFileNames = string | URL | ((file: ImageFileInfo) => string | URL);

const placeholder = /%(?:%|(?:0(\d))?d)/g;

const encodings: Readonly<Record<string, ImageEncoding>> = {
  '.png': 'png',
  '.jpg': 'jpeg',
  '.jpeg': 'jpeg',
  '.webp': 'webp',
};

/** Checks a pattern at once; what a function gives is checked each time. */
export function imageFileNames(names: ImageFileNames): (file: ImageFileInfo) => string {
  if (typeof names === 'function') return (file) => checkPath(names(file));
  const pattern = checkPath(names);
  if (pattern.replace(placeholder, '').includes('%'))
    throw invalidArgument('path', 'a pattern with %d, %05d or %% and no other percent sign', pattern);
  return ({ number }) =>
    pattern.replace(placeholder, (match, digits: string | undefined) =>
      match === '%%' ? '%' : String(number).padStart(Number(digits ?? 0), '0'),
    );
}

/** The encoding that the end of a name says. */
export function encodingOf(path: string): ImageEncoding {
  const encoding = encodings[extname(path).toLowerCase()];
  if (encoding === undefined)
    throw invalidArgument('path', 'a name in .png, .jpg, .jpeg or .webp, or an encoding', path);
  return encoding;
}
