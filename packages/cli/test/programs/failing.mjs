// A graph whose node throws.
import { graph } from '@sluice/core';
import { fromTone, toNull } from '@sluice/nodes';
import { map } from 'rxjs';

export default () => {
  const failing = graph('failing');
  const broken = map(() => {
    throw new Error('a broken string');
  });
  failing
    .from(fromTone({ duration: 0.1 }))
    .pipe(broken)
    .to(toNull());
  return failing;
};
