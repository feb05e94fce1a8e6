/** The schema tests of the document, as invariants, and what its key is for; generated scenarios are given keys that are theirs. */
import { HASH_GENERATED_SCENARIOS, KEY_IS_THE_HASH_OF_THE_SCENARIO, QUERIES, SCHEMA_TESTS } from '../schema-tests.ts';

export default {
  dialect: 'postgres',
  layout: 'plain',
  invariants: [...SCHEMA_TESTS, KEY_IS_THE_HASH_OF_THE_SCENARIO],
  queries: QUERIES,
  prepare: [HASH_GENERATED_SCENARIOS],
};
