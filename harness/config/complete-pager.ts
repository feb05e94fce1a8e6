/** From a declared pager to a complete one: defaults, derived SQL, and the module behind a path. */
import path from 'node:path';
import { PalindromeError } from '../core/errors.ts';
import { keysetSql, reverseKey } from '../core/keyset-sql.ts';
import type { DialectName } from '../core/migration.ts';
import type { OpenPager, Pager, PagerKey, SqlPages } from '../core/pager.ts';
import { evaluateModule } from './load-config.ts';
import type { PagerConfig } from './pager-config.ts';
import { readKey } from './pager-key.ts';

/** Where a configuration's paths start. */
export interface PagerPlace {
  readonly dialect: DialectName;
  /** Absolute. */
  readonly folder: string;
}

/** Completes an entry without issues. `from` and `until` are as resolved for the set. */
export function completePager(
  given: Omit<PagerConfig, 'from' | 'until'> & { readonly from: string | null; readonly until: string | null },
  place: PagerPlace,
): Pager {
  const read = readKey(given.key);
  if (read.status === 'wrong') throw new Error(`a pager with issues was completed: ${read.message}`);
  const { key } = read;
  const { index } = given;
  const filter = given.filter ?? null;
  return {
    id: given.id,
    from: given.from,
    until: given.until,
    table: given.table,
    identity: given.identity ?? null,
    key,
    filter,
    kind: given.kind ?? 'scan',
    movedRows: given.movedRows ?? 'forbid',
    indexes: index === undefined ? [] : typeof index === 'string' ? [index] : index,
    maxCostRatio: given.maxCostRatio ?? null,
    refusal: given.refusal ?? null,
    overlappingTransactions: given.overlappingTransactions ?? null,
    pages: pagesOf(given, key, place),
  };
}

function pagesOf(
  given: Omit<PagerConfig, 'from' | 'until'>,
  key: readonly PagerKey[],
  place: PagerPlace,
): Pager['pages'] {
  if (given.open !== undefined) return { kind: 'module', open: given.open };
  if (given.module !== undefined) return { kind: 'module', open: openOf(given.module, place.folder) };
  const cursor = given.cursor ?? 'text';
  const request = { table: given.table, filter: given.filter ?? null, dialect: place.dialect, cursor };
  const derived = keysetSql({ ...request, key });
  const backward: SqlPages['backward'] =
    given.backward === true ? keysetSql({ ...request, key: reverseKey(key) }) : (given.backward ?? null);
  return {
    kind: 'sql',
    first: given.first ?? derived.first,
    next: given.next ?? derived.next,
    backward,
    cursor,
  };
}

/** Loads the module when a page is first asked for, once. */
function openOf(module: string, folder: string): OpenPager {
  const file = path.resolve(folder, module);
  let loading: Promise<OpenPager> | null = null;
  return async (connection, limit) => {
    loading ??= evaluateModule(file, module).then((loaded) => exportedOpen(loaded, module));
    const open = await loading;
    return open(connection, limit);
  };
}

function exportedOpen(loaded: unknown, module: string): OpenPager {
  const exported = typeof loaded === 'object' && loaded !== null ? loaded : {};
  const candidates = [
    'open' in exported ? exported.open : undefined,
    'default' in exported ? exported.default : undefined,
  ];
  const open = candidates.find((candidate) => typeof candidate === 'function');
  if (open === undefined)
    throw new PalindromeError('pager-fails', `${module} exports no function "open".`, {
      hint: 'It should say: export async function open(connection, limit) { … return { next(cursor) { … } }; }',
    });
  return open as OpenPager;
}
