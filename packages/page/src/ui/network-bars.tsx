import type { JSX } from 'preact';

import type { NetworkQuality } from './call-view.ts';

const words: Readonly<Record<NetworkQuality, string>> = {
  good: 'Network: good',
  low: 'Network: weak',
  'very-low': 'Network: bad',
};

export function NetworkBars({ quality }: { readonly quality: NetworkQuality }): JSX.Element {
  return (
    <span class={`network ${quality}`} role="img" aria-label={words[quality]} title={words[quality]}>
      <i />
      <i />
      <i />
    </span>
  );
}
