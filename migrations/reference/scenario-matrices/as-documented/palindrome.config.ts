/** The schema tests of the document, as invariants, and what its key is for; generated scenarios are given keys that are theirs. */
import { HASH_GENERATED_SCENARIOS, KEY_IS_THE_HASH_OF_THE_SCENARIO, SCHEMA_TESTS } from '../schema-tests.ts';

export default {
  dialect: 'postgres',
  layout: 'plain',
  invariants: [...SCHEMA_TESTS, KEY_IS_THE_HASH_OF_THE_SCENARIO],
  prepare: [HASH_GENERATED_SCENARIOS],
};
