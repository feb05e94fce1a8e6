/**
 * Masking of a dataset: pure, exact, and the same on every machine for the same salt.
 *
 * Purpose: rows of a real system become rows that no one is in, and on which migrations fail where they would fail on the real ones. A column is
 * decided on (`rules.ts`, `treatment.ts`), each of its values goes through a keyed permutation of values of the same form (`mask-value.ts`,
 * `keyed.ts`), rows that break a check over several columns are tried again (`repair.ts`). It imports the core and this folder's values and
 * checks. Its one invariant: a cell that no rule keeps and that tells of somebody never comes out as it went in but by the chance of the
 * permutation; what cannot be masked is NULL, or its row is left out.
 */
import type { Dataset, Row, TableRows } from '../../harness/core/dataset.ts';
import type { MaskConfig } from '../../harness/core/mask-rule.ts';
import type { SchemaModel, Table } from '../../harness/core/schema.ts';
import { loadParser } from '../checks/parse.ts';
import { admissionOf } from './admission.ts';
import { openCell } from './cells.ts';
import { makeColumnMask, type ColumnMask } from './column-mask.ts';
import { classesOf, refName, type ColumnClass } from './column-classes.ts';
import { fakeAll, type FakeKind } from './fakes.ts';
import { Keyed } from './keyed.ts';
import { repairRow } from './repair.ts';
import { decide } from './rules.ts';
import { shiftDays } from './times.ts';
import type { Decision } from './treatment.ts';

export interface AnonymiseRequest {
  readonly model: SchemaModel;
  readonly dataset: Dataset;
  readonly rules: MaskConfig['rules'];
  readonly salt: string;
  /** Rows that migrations put: they are in the scripts, so they and their keys are nobody's. */
  readonly seeded: Dataset;
  /** Words that the scripts name. */
  readonly words: readonly string[];
}

/** What became of one column. */
interface MaskedColumn {
  readonly table: string;
  readonly column: string;
  readonly by: 'rule' | 'guess';
  readonly kind: string;
  /** Cells that were replaced, that stayed, and that are NULL. */
  readonly masked: number;
  readonly kept: number;
  readonly nulls: number;
}

export interface Anonymised {
  readonly dataset: Dataset;
  readonly columns: readonly MaskedColumn[];
  /** Rows that could not be masked, with why: left out. */
  readonly dropped: readonly { readonly table: string; readonly reason: string; readonly rows: number }[];
}

/** Everything that is wrong with rules, for this schema; empty: nothing. */
export function findRuleIssues(model: SchemaModel, rules: MaskConfig['rules']): readonly string[] {
  return decide(model, rules).issues;
}

/** Masks a dataset. The rules must have no issues. */
export async function anonymise(request: AnonymiseRequest): Promise<Anonymised> {
  await loadParser();
  const work = new Masking(request);
  const tables = request.dataset.tables.map((rows) => work.maskTable(rows));
  return { dataset: { tables }, columns: work.columns, dropped: work.dropped };
}

const FLAGS = new Set(['0', '1']);
const LABEL = /^[A-Za-z][A-Za-z0-9 _.:-]+$/;

class Masking {
  readonly columns: MaskedColumn[] = [];
  readonly dropped: { table: string; reason: string; rows: number }[] = [];
  readonly #request: AnonymiseRequest;
  readonly #keyed: Keyed;
  readonly #decisions: ReadonlyMap<string, Decision>;
  readonly #classes: ReadonlyMap<string, ColumnClass>;
  readonly #fakes = new Map<FakeKind, ReadonlyMap<string, string>>();
  readonly #words: ReadonlySet<string>;
  readonly #days: number;

  constructor(request: AnonymiseRequest) {
    this.#request = request;
    this.#keyed = new Keyed(request.salt);
    this.#decisions = decide(request.model, request.rules).byColumn;
    this.#classes = classesOf(request.model);
    this.#words = new Set([...request.words, ...request.model.tables.flatMap(wordsOfSchema)]);
    this.#days = shiftDays(this.#keyed, 'all');
    for (const [kind, texts] of this.#textsByFake()) this.#fakes.set(kind, fakeAll(this.#keyed, kind, kind, texts));
  }

  maskTable({ table: key, columns, rows }: TableRows): TableRows {
    const table = this.#request.model.tables.find((each) => each.key === key);
    if (table === undefined) return { table: key, columns, rows: [] };
    const plans = columns.map((name) =>
      this.#planColumn(table, name, this.#cellsOf({ table: key, columns, rows }, name)),
    );
    const refused = plans.find(({ decision }) => decision.kind === 'refused');
    if (refused !== undefined) {
      if (rows.length > 0)
        this.dropped.push({
          table: key,
          rows: rows.length,
          reason: `${refused.name} has a type that cannot be masked, and must not be NULL`,
        });
      for (const { name, decision } of plans) this.#count(key, name, decision, [], []);
      return { table: key, columns, rows: [] };
    }
    const masked = this.#shuffleColumns(
      key,
      plans,
      rows.map((row) => this.#maskRow(table, columns, plans, row)),
    );
    plans.forEach(({ name, decision }, at) =>
      this.#count(
        key,
        name,
        decision,
        rows.map((row) => row[at] ?? null),
        masked.map((row) => row[at] ?? null),
      ),
    );
    return { table: key, columns, rows: masked };
  }

  #maskRow(table: Table, columns: readonly string[], plans: readonly PlannedColumn[], row: Row): Row {
    const maskAll = (attempt: string): Row =>
      plans.map(({ mask, decision, isKey }, at) => {
        const cell = row[at] ?? null;
        // Keys are the same everywhere, so another try leaves them.
        return cell === null ? null : mask.mask(cell, this.#daysFor(decision, columns, row), isKey ? '' : attempt);
      });
    return repairRow({ model: this.#request.model, table, columns, original: row, maskAll });
  }

  #daysFor({ treatment }: Decision, columns: readonly string[], row: Row): number {
    if (treatment.how !== 'shift-per') return this.#days;
    return shiftDays(this.#keyed, `${treatment.per}/${row[columns.indexOf(treatment.per)] ?? ''}`);
  }

  #planColumn(table: Table, name: string, cells: readonly string[]): PlannedColumn {
    const { dialect } = this.#request.model;
    const ref = refName({ table: table.key, column: name });
    const column = table.columns.find((each) => each.name === name);
    const group = this.#classes.get(ref);
    const guessed = this.#decisions.get(ref);
    if (column === undefined || group === undefined || guessed === undefined) throw new TypeError(`no column ${ref}`);
    const isKey = group.members.length > 1 || table.uniques.some((key) => key.columns.includes(name));
    const isFlag =
      !isKey &&
      guessed.kind !== 'keep' &&
      guessed.by === 'guess' &&
      cells.length > 0 &&
      isNumberLike(column.type) &&
      cells.every((cell) => FLAGS.has(cell));
    const decision: Decision = isFlag ? { by: 'guess', kind: 'keep', treatment: { how: 'keep' } } : guessed;
    const { treatment } = decision;
    const seeds = this.#seededCells(group);
    const usesWords = decision.kind === 'format' && decision.by === 'guess';
    return {
      name,
      decision,
      isKey,
      mask: makeColumnMask({
        dialect,
        column,
        treatment,
        admission: admissionOf(this.#request.model, group),
        isPublic: (cell) => seeds.has(cell) || (usesWords && this.#isWord(cell)),
        fakes: treatment.how === 'fake' ? (this.#fakes.get(treatment.kind) ?? new Map()) : new Map(),
        factor: treatment.how === 'scale' ? this.#factorOf(treatment) : 1n,
        context: { keyed: this.#keyed },
      }),
    };
  }

  /** A word that the schema or the scripts name, and no number: those mean something else in every column. */
  #isWord(cell: string): boolean {
    const { form, text } = openCell(this.#request.model.dialect, cell);
    return (form === 'text' || form === 'typed') && LABEL.test(text) && this.#words.has(text);
  }

  #factorOf({ group, factor }: { readonly group: string; readonly factor: number | null }): bigint {
    return factor === null ? 3n + this.#keyed.below(17n, 'scale', group) : BigInt(factor);
  }

  /** Values that rows of the migrations have in the columns of a class, if it is one of keys. */
  #seededCells(group: ColumnClass): ReadonlySet<string> {
    const { model, seeded } = this.#request;
    return new Set(
      group.members.flatMap(({ table: key, column }) => {
        const table = model.tables.find((each) => each.key === key);
        const isKey =
          group.members.length > 1 || table?.uniques.some((unique) => unique.columns.includes(column)) === true;
        const rows = seeded.tables.find((each) => each.table === key);
        return isKey && rows !== undefined ? this.#cellsOf(rows, column) : [];
      }),
    );
  }

  #cellsOf({ columns, rows }: TableRows, name: string): readonly string[] {
    const at = columns.indexOf(name);
    return rows.flatMap((row) => row[at] ?? []);
  }

  /** All texts of each of faker's kinds, over all columns: equal texts become equal ones wherever they stand. */
  #textsByFake(): ReadonlyMap<FakeKind, ReadonlySet<string>> {
    const { model, dataset } = this.#request;
    const texts = new Map<FakeKind, Set<string>>();
    for (const rows of dataset.tables)
      for (const name of rows.columns) {
        const decision = this.#decisions.get(refName({ table: rows.table, column: name }));
        if (decision?.treatment.how !== 'fake') continue;
        const all = texts.get(decision.treatment.kind) ?? new Set<string>();
        texts.set(decision.treatment.kind, all);
        for (const cell of this.#cellsOf(rows, name)) {
          const inner = openCell(model.dialect, cell);
          if (inner.form === 'typed' || inner.form === 'text') all.add(inner.text);
        }
      }
    return texts;
  }

  #shuffleColumns(key: string, plans: readonly PlannedColumn[], rows: readonly Row[]): readonly Row[] {
    let result = rows;
    plans.forEach(({ name, decision }, at) => {
      if (decision.treatment.how !== 'shuffle') return;
      const places = result.flatMap((row, index) => ((row[at] ?? null) === null ? [] : [index]));
      const order = places
        .map((index) => ({ index, rank: this.#keyed.bytes(16, 'shuffle', key, name, String(index)).toString('hex') }))
        .toSorted((a, b) => (a.rank < b.rank ? -1 : 1));
      const from = new Map(places.map((index, position) => [index, order[position]?.index ?? index]));
      const before = result;
      result = before.map((row, index) =>
        row.map((cell, column) => (column === at ? (before[from.get(index) ?? index]?.[at] ?? null) : cell)),
      );
    });
    return result;
  }

  #count(table: string, column: string, { by, kind }: Decision, before: Row, after: Row): void {
    const nulls = after.filter((cell) => cell === null).length;
    const kept = after.filter((cell, at) => cell !== null && cell === before[at]).length;
    this.columns.push({ table, column, by, kind, masked: after.length - nulls - kept, kept, nulls });
  }
}

interface PlannedColumn {
  readonly name: string;
  readonly decision: Decision;
  readonly isKey: boolean;
  readonly mask: ColumnMask;
}

function isNumberLike(type: Table['columns'][number]['type']): boolean {
  return type.kind === 'integer' || type.kind === 'sqlite';
}

/** Quoted words in checks and defaults: labels that the schema itself names. */
function wordsOfSchema({ checks, columns }: Table): readonly string[] {
  return [...checks.map(({ sql }) => sql), ...columns.map(({ defaultSql }) => defaultSql ?? '')].flatMap((sql) =>
    [...sql.matchAll(/'((?:[^']|'')+)'/g)].map(([, word = '']) => word.replaceAll("''", "'")),
  );
}
