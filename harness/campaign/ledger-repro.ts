/**
 * What the shell script of a counterexample to the clause `ledger` shows: the runner is not there, so a table of the ledger's name stands in for it.
 */
import type { ReproInput } from '../core/dialect.ts';
import { sha256 } from '../core/hash.ts';
import type { Script } from '../core/migration.ts';
import type { Subject } from './subject.ts';

/** The steps and the look at the end. */
export function ledgerRepro({ planned, index }: Subject): Pick<ReproInput, 'steps' | 'checks'> {
  const { migrations, dialect } = planned.set;
  const table = dialect === 'postgres' ? 'public.palindrome_ledger' : 'main.palindrome_ledger';
  const record = (id: string) => `INSERT INTO ${table} VALUES ('${id.replaceAll("'", "''")}');`;
  const applied = migrations.slice(0, index).map(({ id }) => record(id));
  return {
    steps: [
      {
        caption: 'a table that stands in for the ledger',
        script: scriptOf([`CREATE TABLE ${table} (version text PRIMARY KEY);`, ...applied].join('\n')),
      },
      ...migrations.slice(index).flatMap(({ id, name, up }) => [
        { caption: `up: ${name}`, script: up },
        { caption: `the ledger is told of ${name}`, script: scriptOf(record(id)) },
      ]),
    ],
    checks: [
      {
        caption: `all ${migrations.length} migrations should stand in the ledger as they were written: any other would run again, or is not known`,
        sql: `SELECT version FROM ${table} ORDER BY version;`,
      },
    ],
  };
}

function scriptOf(text: string): Script {
  return {
    file: 'the ledger',
    text,
    sha256: sha256(text),
    transaction: 'autocommit',
    chunks: [{ text, offset: 0 }],
  };
}
