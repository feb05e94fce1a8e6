/** The document's smoke tests, as invariants that hold at every moment; and the one that they miss. */
import { INDICES_ARE_WHAT_THEIR_NAMES_SAY, PAGINATION_QUERIES, pagersByIndexAlone, pagersOf, SMOKE_TESTS } from '../smoke-tests.ts';

export default {
  dialect: 'postgres',
  layout: 'prisma',
  invariants: [...SMOKE_TESTS, INDICES_ARE_WHAT_THEIR_NAMES_SAY],
  queries: PAGINATION_QUERIES,
  pagers: [...pagersByIndexAlone(), ...pagersOf('js-date')],
  model: { prisma: 'schema.prisma' },
};
