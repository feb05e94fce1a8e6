import { expect, test } from 'vitest';
import { applyConfig } from '../../harness/config/apply-config.ts';
import { PROPERTY_IDS } from '../../harness/core/property.ts';
import { read } from '../layouts/folders.ts';

const withDirective = (directive: string) =>
  read({ '1_a.sql': 'CREATE TABLE t (a text);', '2_b.sql': `-- palindrome: ${directive}\nDROP TABLE t;` });

test('should ignore every property where a directive ignores *', async () => {
  const { set } = applyConfig(await withDirective('ignore * because it is known to be lossy'), {});
  const [first, second] = set.migrations.map(({ declarations }) => declarations.ignore);
  expect(first).toEqual([]);
  expect(second).toEqual(PROPERTY_IDS.map((property) => ({ property, reason: 'it is known to be lossy' })));
});

test('should ignore one property where a directive names one, beside those of the configuration', async () => {
  const set = await withDirective('ignore applies because of a');
  const config = { ignore: [{ migrations: '2', property: 'has-effect' as const, reason: 'b' }] };
  expect(applyConfig(set, config).set.migrations[1]?.declarations.ignore).toEqual([
    { property: 'applies', reason: 'of a' },
    { property: 'has-effect', reason: 'b' },
  ]);
});
