import { documentedInvariants, fullInvariants, keyGenerators } from '../config-parts.ts';

export default {
  dialect: 'postgres',
  layout: 'plain',
  invariants: [...documentedInvariants('0001', '0002'), ...fullInvariants('0001')],
  generators: keyGenerators(1),
};
