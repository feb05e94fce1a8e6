import { documentedInvariants, fullInvariants, keyGenerators } from '../config-parts.ts';

export default {
  dialect: 'postgres',
  layout: 'drizzle',
  invariants: [...documentedInvariants('0001', '0001'), ...fullInvariants('0001')],
  generators: keyGenerators(1),
};
