/**
 * `pg_dump` as an independent oracle of the catalog: whatever a schema-only dump shows to be different, the catalog shows too, over more than
 * 200 random changes of one object each. The tool lives in the container's image, next to the server of its own version. So this runs
 * where a container engine has the image; with PALINDROME_REQUIRE_CONTAINER=1 it must, and the last test says so where it does not.
 */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { postgresDialect } from '../../harness/dialects/postgres/dialect.ts';
import { containerProvider } from '../../harness/providers/container.ts';
import { changeRounds } from './changes.ts';
import { compareChanges, type Compared } from './compare.ts';
import { ALL_REASONS, findReason } from './reasons.ts';

const ROUNDS = 2;
const SEED = 20_261_120;
const LEAST_CHANGES = 200;
const image = process.env['PALINDROME_TEST_IMAGE'] ?? null;
const request = { postgres: null, image, serverUrl: null, allowRemote: false, keep: false };
const probe = await containerProvider.probe(request);
const isRequired = process.env['PALINDROME_REQUIRE_CONTAINER'] === '1';
const images = isRequired || probe.works ? [image ?? 'postgres:17-alpine'] : [];

/** Changes that the dump shows and the catalog does not. */
function missedByUs(compared: readonly Compared[]): readonly string[] {
  return compared
    .filter(({ ours, dumped }) => dumped.length > 0 && ours.length === 0)
    .map(({ sql, dumped }) => `${sql}\n  ${dumped.slice(0, 4).join('\n  ')}`);
}

/** Changes that the catalog shows and the dump does not, with each reason, or `null`. */
function missedByDump(compared: readonly Compared[]): readonly { readonly sql: string; readonly why: string | null }[] {
  return compared
    .filter(({ ours, dumped }) => ours.length > 0 && dumped.length === 0)
    .flatMap(({ sql, ours }) =>
      ours.map((difference) => ({ sql: `${sql} (${difference})`, why: findReason(difference) })),
    );
}

describe.each(images)('the catalog beside pg_dump of %s', () => {
  let compared: readonly Compared[];

  beforeAll(async () => {
    await using server = await containerProvider.start(request);
    await using cluster = await postgresDialect.openCluster(server, { foreignKeys: true, functions: {}, keep: false });
    const changes = fc.sample(changeRounds, { numRuns: ROUNDS, seed: SEED }).flat();
    compared = await compareChanges(cluster, `palindrome-${server.runId}`, [...new Set(changes)]);
  }, 600_000);

  it('should have seen enough changes, all of which the server took', () => {
    expect(compared.filter(({ outcome }) => outcome !== 'completed')).toEqual([]);
    expect(compared.filter(({ dumped }) => dumped.length > 0).length).toBeGreaterThan(LEAST_CHANGES);
  });

  it('should differ wherever the dump differs', () => {
    expect(missedByUs(compared)).toEqual([]);
  });

  it('should have a reason wherever the dump does not differ', () => {
    const all = missedByDump(compared);
    expect(all.filter(({ why }) => why === null)).toEqual([]);
    expect(new Set(all.map(({ why }) => why))).toEqual(new Set(ALL_REASONS));
  });

  it('should be able to tell that something is missing', () => {
    const blind = compared.map((each) => ({
      ...each,
      ours: each.ours.filter((difference) => !difference.endsWith('comment')),
    }));
    expect(missedByUs(blind).length).toBeGreaterThan(3);
  });
});

describe('the oracle', () => {
  it('should run where it is required, and elsewhere say what is missing', () => {
    const missing = { works: false, reason: expect.stringMatching(/engine|image/) as string };
    expect(probe).toMatchObject(isRequired || probe.works ? { works: true } : missing);
    expect(images.length === 1).toBe(probe.works);
  });
});
