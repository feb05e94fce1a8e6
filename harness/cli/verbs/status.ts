import { resolveSettings } from '../../config/settings.ts';
import type { Declarations } from '../../core/declarations.ts';
import type { Migration } from '../../core/migration.ts';
import { PROPERTY_IDS } from '../../core/property.ts';
import { count } from '../../core/text.ts';
import { cutTo, hang, padTo, widthOf } from '../../../reports/fit.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import type { Style } from '../../../reports/style.ts';
import { readFlags } from '../flags.ts';
import type { RawFlags } from '../flags.ts';
import { styleFor } from '../io.ts';
import type { Io } from '../io.ts';
import { readSets } from '../read-sets.ts';
import { findDatabase } from '../live-target.ts';
import type { ReadSet } from '../read-sets.ts';
import type { RawRunnerFlags } from '../runner-flags.ts';

const CHECKSUM_LENGTH = 10;

/** `palindrome status`: what stands in the folders, and with a database what of it ran there. Returns 0, or 2 where `up` would be refused. */
export async function runStatus(paths: readonly string[], raw: RawFlags & RawRunnerFlags, io: Io): Promise<number> {
  const database = findDatabase(raw.database, io.env);
  if (database !== null) return (await import('./live-status.ts')).runLiveStatus(paths, raw, database, io);
  const settings = await resolveSettings({ paths, flags: readFlags(raw), cwd: io.cwd, env: io.env });
  const style = styleFor(io, settings.run.color);
  const sets = await readSets(settings.sets, io.env);
  const blocks = sets.map((set) => describeSet(set, style).join('\n'));
  io.out(`${blocks.join('\n\n')}\n`);
  return 0;
}

function describeSet({ set, settings, invariants }: ReadSet, style: Style): readonly string[] {
  const { paint, glyphs, width } = style;
  const { migrations } = set;
  const downs = migrations.filter(({ down }) => down !== null).length;
  const facts = [
    `${set.layout} layout`,
    set.dialect,
    count(migrations.length, 'migration'),
    `${downs === migrations.length ? 'each' : downs === 0 ? 'none' : downs} with a down`,
    ...(invariants.length === 0 ? [] : [count(invariants.length, 'invariant')]),
  ].join(` ${glyphs.dot} `);
  const numberWidth = String(migrations.length).length;
  const longest = Math.max(9, ...migrations.map(({ name }) => widthOf(sanitize(name))));
  const nameWidth = Math.min(longest, Math.max(20, width - numberWidth - 2 * CHECKSUM_LENGTH - 8));
  const head = `${' '.repeat(numberWidth + 4)}${padTo('migration', nameWidth)}  ${padTo('up', CHECKSUM_LENGTH)}  down`;
  return [
    `${paint.bold(sanitize(set.path))}  ${paint.dim(facts)}`,
    ...(settings.source === null ? [] : [paint.dim(`configured by ${sanitize(settings.source.shownAs)}`)]),
    '',
    paint.dim(head),
    ...migrations.flatMap((migration, index) => [
      [
        `  ${padTo(String(index + 1), numberWidth, 'right')}`,
        padTo(cutTo(sanitize(migration.name), nameWidth, glyphs.ellipsis), nameWidth),
        migration.up.sha256.slice(0, CHECKSUM_LENGTH),
        migration.down === null ? paint.dim('none') : checksumOfDown(migration, style),
      ].join('  '),
      ...describeDeclarations(migration.declarations).flatMap((line) =>
        hang(' '.repeat(numberWidth + 6), sanitize(line), width).map((part) => paint.yellow(part)),
      ),
    ]),
    ...(set.notes.length === 0
      ? []
      : ['', ...set.notes.flatMap((note) => hang(`  ${glyphs.bullet} `, sanitize(note), width))]),
  ];
}

/** Two scripts in one file have one checksum. */
function checksumOfDown({ up, down }: Migration, { paint }: Style): string {
  return down === null || down.file === up.file ? paint.dim('same file') : down.sha256.slice(0, CHECKSUM_LENGTH);
}

function describeDeclarations(declared: Declarations): readonly string[] {
  const { lossy, irreversible, preconditions, maps, rowChanges, claims, rerun, ignore } = declared;
  return [
    ...lossy.map(
      ({ column, where, reason }) => `may lose ${column}${where === 'true' ? '' : ` where ${where}`}: ${reason}`,
    ),
    ...(irreversible === null ? [] : [`irreversible: ${irreversible.reason}`]),
    ...preconditions.map(({ reason }) => `precondition: ${reason}`),
    ...maps.map(({ column, as }) => `maps ${column} to ${as}`),
    ...rowChanges.map(({ table, reason }) => `changes rows of ${table}: ${reason}`),
    ...claims.map((claim) => `claims to be ${claim}`),
    ...(rerun === null ? [] : [`a second run must ${rerun === 'refuse' ? 'refuse' : 'change nothing'}`]),
    ...describeIgnored(ignore),
  ];
}

function describeIgnored(ignore: Declarations['ignore']): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { property, reason } of ignore) reasons.set(reason, [...(reasons.get(reason) ?? []), property]);
  return [...reasons].map(([reason, properties]) => {
    const named = new Set(properties);
    const isEvery = PROPERTY_IDS.every((id) => named.has(id));
    return `not judged${isEvery ? '' : ` by ${[...named].join(', ')}`}: ${reason}`;
  });
}
