import { DUPLICATE_KEYS, documentedInvariants, keyGenerators } from '../config-parts.ts';

export default {
  dialect: 'postgres',
  layout: 'plain',
  invariants: documentedInvariants('0001', '0001'),
  generators: keyGenerators(2),
  declare: {
    '0001': {
      preconditions: DUPLICATE_KEYS.map(({ sql }) => ({ sql, reason: 'the document has this query asked before it runs' })),
    },
  },
};
