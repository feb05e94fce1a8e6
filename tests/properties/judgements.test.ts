import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../harness/core/property.ts';
import { applies } from '../../properties/applies.ts';
import { hasEffect } from '../../properties/has-effect.ts';
import { invariantsHold } from '../../properties/invariants-hold.ts';
import { reapplyConverges } from '../../properties/reapply-converges.ts';
import { rerunIdempotent } from '../../properties/rerun-idempotent.ts';
import { rollbackRestores } from '../../properties/rollback-restores.ts';
import { valuesSurvive } from '../../properties/values-survive.ts';
import { COMPLETED, failed, makeContext, makeMoment, makeTrace, users } from './make-trace.ts';

const ANN = ['1', 'Ann'] as const;
const index = (name: string) => ({ kind: 'index', name, table: 'public.users', attributes: { definition: 'x' } });

function clausesOf(judgement: Judgement): readonly string[] {
  return judgement.status === 'falsified' ? judgement.findings.map(({ clause }) => clause) : [judgement.status];
}

describe('rollback-restores', () => {
  const walk = (before: ReturnType<typeof users>, after: ReturnType<typeof users>, outcome = COMPLETED) =>
    makeTrace([makeMoment('before', before), makeMoment('after-up', before), makeMoment('after-down', after, outcome)]);

  it('should hold where rows and catalog came back, in whatever order', () => {
    const trace = walk(users(['1', 'a'], ['2', 'b']), users(['2', 'b'], ['1', 'a']));
    expect(rollbackRestores.judge(trace, makeContext())).toMatchObject({ status: 'held' });
  });

  it('should tell NULL from the empty string', () => {
    expect(clausesOf(rollbackRestores.judge(walk(users(['1', null]), users(['1', ''])), makeContext()))).toEqual([
      'data',
    ]);
  });

  it('should name the column that lost its value', () => {
    const judgement = rollbackRestores.judge(walk(users(ANN), users(['1', null])), makeContext());
    expect(judgement).toMatchObject({
      findings: [{ object: 'public.users.name', message: expect.stringContaining("is NULL, expected 'Ann'") }],
    });
  });

  it('should falsify the schema clause for an index left behind', () => {
    const trace = walk(users(ANN), { ...users(ANN), objects: [index('i')] });
    expect(clausesOf(rollbackRestores.judge(trace, makeContext()))).toEqual(['schema']);
  });

  it('should falsify down-fails where the down script errors', () => {
    expect(clausesOf(rollbackRestores.judge(walk(users(ANN), users(ANN), failed()), makeContext()))).toEqual([
      'down-fails',
    ]);
  });

  it('should falsify sequences where the next value is already taken', () => {
    const sequence = (nextValue: string) => ({
      name: 's',
      nextValue,
      increment: '1',
      ownedBy: { table: 'public.users', column: 'id' },
      columnExtreme: '9007199254740993',
    });
    const before = { ...users(ANN), sequences: [sequence('9007199254740994')] };
    const after = { ...users(ANN), sequences: [sequence('9007199254740993')] };
    expect(clausesOf(rollbackRestores.judge(walk(before, after), makeContext()))).toEqual(['sequences']);
    expect(clausesOf(rollbackRestores.judge(walk(before, before), makeContext()))).toEqual(['held']);
  });

  it('should permit a declared loss only in the rows where its condition held', () => {
    const lossy = [{ column: 'users.name', where: "name = 'Ann'", reason: 'r' }];
    const projections = [
      {
        table: 'public.users',
        sql: "(name = 'Ann')",
        values: [
          { key: ['1'], value: 't' },
          { key: ['2'], value: 'f' },
        ],
      },
    ];
    const context = makeContext({ declarations: { lossy } });
    const before = { ...users(ANN, ['2', 'Bob']), projections };
    expect(clausesOf(rollbackRestores.judge(walk(before, users(['1', null], ['2', 'Bob'])), context))).toEqual([
      'held',
    ]);
    expect(clausesOf(rollbackRestores.judge(walk(before, users(ANN, ['2', null])), context))).toEqual(['data']);
  });

  it('should demand that a down declared irreversible refuses and changes nothing', () => {
    const context = makeContext({ declarations: { irreversible: { reason: 'r' } } });
    expect(clausesOf(rollbackRestores.judge(walk(users(ANN), users(ANN)), context))).toEqual(['declared-loss']);
    expect(clausesOf(rollbackRestores.judge(walk(users(ANN), users(ANN), failed()), context))).toEqual(['held']);
    expect(clausesOf(rollbackRestores.judge(walk(users(ANN), users(), failed()), context))).toEqual(['declared-loss']);
  });

  it('should not tell where the up script did not complete', () => {
    const trace = makeTrace([makeMoment('before', users()), makeMoment('after-up', users(), failed())]);
    expect(rollbackRestores.judge(trace, makeContext())).toMatchObject({ status: 'unjudged' });
  });
});

describe('rerun-idempotent', () => {
  const rerun = (after: ReturnType<typeof users>, outcome = COMPLETED) =>
    makeTrace([
      makeMoment('before', users(ANN)),
      makeMoment('after-up', users(ANN)),
      makeMoment('after-up-again', after, outcome),
    ]);

  it('should falsify a silent change even where a ledger is kept', () => {
    expect(clausesOf(rerunIdempotent.judge(rerun(users(ANN, ['2', 'x'])), makeContext({ keepsLedger: true })))).toEqual(
      ['silent-change'],
    );
  });

  it('should accept an unchanged refusal only where a ledger or a declaration decides', () => {
    const refused = rerun(users(ANN), failed());
    expect(clausesOf(rerunIdempotent.judge(refused, makeContext({ keepsLedger: true })))).toEqual(['held']);
    expect(clausesOf(rerunIdempotent.judge(refused, makeContext()))).toEqual(['refusal']);
    expect(clausesOf(rerunIdempotent.judge(refused, makeContext({ declarations: { rerun: 'refuse' } })))).toEqual([
      'held',
    ]);
    const claims = { claims: ['idempotent'] as const };
    expect(clausesOf(rerunIdempotent.judge(refused, makeContext({ keepsLedger: true, declarations: claims })))).toEqual(
      ['refusal'],
    );
  });

  it('should falsify a refusal that left something behind', () => {
    expect(clausesOf(rerunIdempotent.judge(rerun(users(), failed()), makeContext({ keepsLedger: true })))).toEqual([
      'refusal',
    ]);
  });

  it('should judge the second down against the first', () => {
    const trace = makeTrace([
      makeMoment('before', users(ANN)),
      makeMoment('after-up', users(ANN)),
      makeMoment('after-down', users(ANN)),
      makeMoment('after-down-again', users()),
    ]);
    expect(clausesOf(rerunIdempotent.judge(trace, makeContext()))).toEqual(['down-silent-change']);
  });
});

describe('reapply-converges', () => {
  const reapply = (again: ReturnType<typeof users>, outcome = COMPLETED) =>
    makeTrace([
      makeMoment('before', users()),
      makeMoment('after-up', users(ANN)),
      makeMoment('after-down', users()),
      makeMoment('after-reup', again, outcome),
    ]);

  it('should compare the second up with the first', () => {
    expect(clausesOf(reapplyConverges.judge(reapply(users(ANN)), makeContext()))).toEqual(['held']);
    expect(clausesOf(reapplyConverges.judge(reapply(users(['1', 'Bob'])), makeContext()))).toEqual(['data']);
    expect(clausesOf(reapplyConverges.judge(reapply(users(), failed()), makeContext()))).toEqual(['fails']);
  });

  it('should not compare readings of the clock, nor columns found to be volatile', () => {
    const now = new Date().toISOString().slice(0, 19).replace('T', ' ');
    const trace = (a: string, b: string) =>
      makeTrace([
        makeMoment('before', users()),
        makeMoment('after-up', users(['1', a])),
        makeMoment('after-down', users()),
        makeMoment('after-reup', users(['1', b])),
      ]);
    expect(clausesOf(reapplyConverges.judge(trace(`${now}.1+00`, `${now}.2+00`), makeContext()))).toEqual(['held']);
    expect(
      clausesOf(reapplyConverges.judge(trace('2001-01-01 00:00:00', '2001-01-01 00:00:01'), makeContext())),
    ).toEqual(['data']);
    expect(
      clausesOf(reapplyConverges.judge(trace('u', 'v'), makeContext({ volatile: ['public.users.name'] }))),
    ).toEqual(['held']);
  });
});

describe('values-survive', () => {
  const up = (before: ReturnType<typeof users>, after: ReturnType<typeof users>) =>
    makeTrace([makeMoment('before', before), makeMoment('after-up', after)]);
  const typed = (type: string, value: string) => ({
    tables: { 'public.users': { columns: ['id', 'name'], types: ['text', type], key: ['id'], rows: [['1', value]] } },
  });

  it('should accept the same decimal under another type, and not a rounded one', () => {
    const judge = (a: string, b: string) =>
      clausesOf(valuesSurvive.judge(up(typed('numeric(20,8)', a), typed('numeric', b)), makeContext()));
    expect(judge('1.50000000', '1.5')).toEqual(['held']);
    expect(judge('1.50000001', '1.5')).toEqual(['values']);
    expect(judge('-0.00', '0')).toEqual(['held']);
  });

  it('should not accept another text of the same type', () => {
    expect(clausesOf(valuesSurvive.judge(up(typed('text', '1.50'), typed('text', '1.5')), makeContext()))).toEqual([
      'values',
    ]);
  });

  it('should tell lost rows from changed values', () => {
    expect(clausesOf(valuesSurvive.judge(up(users(ANN), users()), makeContext()))).toEqual(['rows']);
    expect(clausesOf(valuesSurvive.judge(up(users(ANN), users(['1', 'Bob'])), makeContext()))).toEqual(['values']);
  });

  it('should blame a change in a table that the script does not mention', () => {
    expect(clausesOf(valuesSurvive.judge(up(users(ANN), users(['1', 'Bob'])), makeContext({ mentioned: [] })))).toEqual(
      ['untouched'],
    );
  });

  it('should follow a declared map and nothing else', () => {
    const maps = [{ column: 'users.name', as: 'upper(name)' }];
    const projections = [{ table: 'public.users', sql: 'upper(name)', values: [{ key: ['1'], value: 'ANN' }] }];
    const context = makeContext({ declarations: { maps } });
    expect(clausesOf(valuesSurvive.judge(up({ ...users(ANN), projections }, users(['1', 'ANN'])), context))).toEqual([
      'held',
    ]);
    expect(clausesOf(valuesSurvive.judge(up({ ...users(ANN), projections }, users(['1', 'aNN'])), context))).toEqual([
      'values',
    ]);
  });

  it('should let declared row changes through, and still compare the values', () => {
    const context = makeContext({ declarations: { rowChanges: [{ table: 'users', reason: 'r' }] } });
    expect(clausesOf(valuesSurvive.judge(up(users(ANN), users(ANN, ['2', 'x'])), context))).toEqual(['held']);
    expect(clausesOf(valuesSurvive.judge(up(users(ANN), users(['1', 'x'])), context))).toEqual(['values']);
  });
});

describe('applies', () => {
  const up = (after: ReturnType<typeof users>, outcome = COMPLETED, preconditionRows = 0) =>
    makeTrace([makeMoment('before', users(ANN)), makeMoment('after-up', after, outcome)], { preconditionRows });

  it('should falsify a refusal, and offer the precondition to declare', () => {
    const judgement = applies.judge(up(users(ANN), failed()), makeContext());
    expect(judgement).toMatchObject({
      findings: [{ clause: 'rejects', wayOut: expect.stringContaining('precondition SELECT') }],
    });
  });

  it('should accept a refusal that a precondition announced, if it left no trace', () => {
    expect(clausesOf(applies.judge(up(users(ANN), failed(), 1), makeContext()))).toEqual(['held']);
    expect(clausesOf(applies.judge(up(users(), failed(), 1), makeContext()))).toEqual(['atomic']);
  });
});

describe('has-effect', () => {
  const nothing = makeTrace([makeMoment('before', users(ANN)), makeMoment('after-up', users(ANN))]);

  it('should falsify a script that changes nothing', () => {
    expect(clausesOf(hasEffect.judge(nothing, makeContext({ up: 'SELECT 1;' })))).toEqual(['effect']);
  });

  it('should not tell where the script waits for rows that were not generated', () => {
    expect(
      clausesOf(hasEffect.judge(nothing, makeContext({ up: "UPDATE users SET name = 'x' WHERE name = 'legacy';" }))),
    ).toEqual(['unjudged']);
  });
});

describe('invariants-hold', () => {
  it('should say that nothing was asked because the script failed, where it did', () => {
    const stopped = makeTrace([makeMoment('before', users(ANN)), makeMoment('after-up', users(ANN), failed())]);
    expect(invariantsHold.judge(stopped, makeContext())).toEqual({
      status: 'unjudged',
      reason: 'the up script did not complete',
    });
    const went = makeTrace([makeMoment('before', users(ANN)), makeMoment('after-up', users(ANN))]);
    expect(invariantsHold.judge(went, makeContext())).toMatchObject({
      reason: expect.stringContaining('no declared invariant applies'),
    });
  });
});
