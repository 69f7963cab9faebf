import type { GraphSnapshot } from '@sluice/core';
import type { Problem } from '../protocol/messages.ts';

const NAMED = /`([^`]+)`/g;

/**
 * Takes a sentence of `inspect().problems` apart: `culprit is so; do this`. It is about the first node that it names, and
 * has the code of what that node told last, if the sentence quotes it.
 */
export function takeApart(sentence: string, nodes: GraphSnapshot['nodes']): Problem {
  const node = [...sentence.matchAll(NAMED)]
    .map(([, name]) => nodes.find(({ id }) => id === name))
    .find((found) => found !== undefined);
  const cut = sentence.lastIndexOf('; ');
  const quotes = node?.lastError !== undefined && sentence.includes(node.lastError);
  return {
    text: cut < 0 || quotes ? sentence : sentence.slice(0, cut),
    ...(cut < 0 || quotes ? {} : { fix: sentence.slice(cut + 2) }),
    ...(node === undefined ? {} : { node: node.id }),
    ...(quotes && node?.lastErrorCode !== undefined ? { code: node.lastErrorCode } : {}),
  };
}
