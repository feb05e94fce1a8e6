/** Every kind of case, by the id that parameters name. */
import type { PagingKind } from './kind.ts';
import { across } from './across.ts';
import { codec } from './codec.ts';
import { overlapping } from './overlapping.ts';
import { plans } from './plans.ts';
import { quiescent } from './quiescent.ts';
import { stepped } from './stepped.ts';

/** In the order in which a pager meets them; what comes more often has more places. */
export const KINDS: readonly PagingKind[] = [
  quiescent,
  stepped,
  codec,
  stepped,
  plans,
  stepped,
  across,
  stepped,
  stepped,
  overlapping,
];

/** The kind of that id; undefined: this version does not know it. */
export function findKind(id: unknown): PagingKind | undefined {
  return KINDS.find((kind) => kind.id === id);
}
