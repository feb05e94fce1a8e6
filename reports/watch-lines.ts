/** What `verify --watch` tells at once, before everything else is judged. */
import type { ReportMigration } from '../harness/core/report.ts';
import { count } from '../harness/core/text.ts';
import { hang, widthOf } from './fit.ts';
import { describeMigration, outcomeOf } from './migration-lines.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

/** A changed migration after a few cases: what is falsified already, or that nothing is yet. `after`: how long since the save. */
export function describeLook(migration: ReportMigration, after: string, style: Style): readonly string[] {
  const falsified = migration.results.filter((result) => outcomeOf(result) === 'falsified');
  const cases = Math.max(0, ...migration.results.map((result) => result.cases));
  const head = style.paint.bold(`first look, ${after} after the save:`);
  const name = sanitize(migration.name);
  if (falsified.length === 0)
    return hang(
      '',
      `${head} ${name}: nothing falsified by ${count(cases, 'case')}; everything else follows`,
      style.width,
    );
  return [head, ...describeMigration({ ...migration, results: falsified }, widthOf(name), style)];
}
