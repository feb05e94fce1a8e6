import { describe, expect, it } from 'vitest';
import { steady, VARYING, type Steadied } from '../../harness/campaign/steady.ts';
import type { Finding } from '../../harness/core/property.ts';
import type { Row } from '../../harness/core/dataset.ts';

const LONG_AGO = Date.parse('2001-01-01T00:00:00Z');

function seen(message: string, extra: readonly Row[], steps: readonly string[] = []): Steadied {
  const finding: Finding = {
    clause: 'data',
    message,
    object: 'lot',
    catalogChanges: [],
    tableDifferences: [{ table: 'lot', columns: ['id', 'quantity'], missing: [], extra, changed: [] }],
    fault: null,
    at: null,
    wayOut: null,
  };
  return { finding, steps };
}

describe('what another run would not show', () => {
  it('should leave equal runs as they are', () => {
    const one = seen('id 12 is extra', [['12', '1.50']], ['up failed: 12']);
    expect(steady(one, structuredClone(one), LONG_AGO)).toEqual(one);
  });

  it('should be named in rows, sentences and steps, and nothing else be touched', () => {
    const one = seen('id aaaa-1 is extra, quantity 1.50', [['aaaa-1', '1.50']], ['up failed: (id)=(aaaa-1) 7']);
    const other = seen('id bbbb-2 is extra, quantity 1.50', [['bbbb-2', '1.50']], ['up failed: (id)=(bbbb-2) 7']);
    const { finding, steps } = steady(one, other, LONG_AGO);
    expect(finding.tableDifferences[0]?.extra).toEqual([[VARYING, '1.50']]);
    expect(finding.message).toBe(`id ${VARYING} is extra, quantity 1.50`);
    expect(steps).toEqual([`up failed: (id)=(${VARYING}) 7`]);
  });

  it('should be the same from both sides, rows ordered by what is left', () => {
    const one = seen('2 rows', [['aaaa', '7'], ['bbbb', '3']]); // prettier-ignore
    const other = seen('2 rows', [['cccc', '3'], ['dddd', '7']]); // prettier-ignore
    const extra = [[VARYING, '3'], [VARYING, '7']]; // prettier-ignore
    expect(steady(one, other, LONG_AGO).finding.tableDifferences[0]?.extra).toEqual(extra);
    expect(steady(other, one, LONG_AGO).finding.tableDifferences[0]?.extra).toEqual(extra);
  });

  it('should include the time of day, though two runs within a second agree on it', () => {
    const startedMs = Date.now();
    const now = new Date(startedMs).toISOString().slice(0, 19).replace('T', ' ');
    const one = seen(`id ${now} is extra`, [[`'${now}'`, `'2001-02-03 04:05:06'`]]);
    const { finding } = steady(one, structuredClone(one), startedMs);
    expect(finding.message).toBe(`id ${VARYING} is extra`);
    expect(finding.tableDifferences[0]?.extra).toEqual([[VARYING, `'2001-02-03 04:05:06'`]]);
  });

  it('should not be looked for in sentences of another form', () => {
    const one = seen('one sentence', []);
    expect(steady(one, seen('quite another sentence', []), LONG_AGO)).toEqual(one);
  });
});
