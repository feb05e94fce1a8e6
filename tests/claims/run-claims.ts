/**
 * `npm run claims`: judges every claim of the documents and prints their table.
 *
 *     npm run claims                    the table, for a terminal
 *     npm run claims -- --markdown      the table as the README has it
 *     npm run claims -- --set NAME      only this document (may be given again)
 *     npm run claims -- --record        also writes the verdicts and the README's table
 *
 * Exit code 0: every verdict is the recorded one. 1: one is not. 2: the command line is wrong. 3: a claim could not be judged. 130: interrupted.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { watchInterrupts } from '../../harness/cli/interrupts.ts';
import { messageOf } from '../../harness/core/errors.ts';
import { showDuration } from '../../reports/fit.ts';
import { makeStyle } from '../../reports/style.ts';
import { DOCUMENTS, type Document } from './all-claims.ts';
import { judgeDocuments, type JudgedDocument } from './judge.ts';
import { openLab } from './lab.ts';
import { drawTable, drawTotals, findTable, renderMarkdown } from './table.ts';
import { compareVerdicts, fileOf, readVerdicts, recordVerdicts } from './verdicts.ts';

const README = join(import.meta.dirname, '../../README.md');
const STORE = '.palindrome';

interface Wish {
  readonly documents: readonly Document[];
  readonly isMarkdown: boolean;
  readonly isRecording: boolean;
}

function readCommand(args: readonly string[]): Wish {
  const { values } = parseArgs({
    args: [...args],
    options: {
      markdown: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      set: { type: 'string', multiple: true, default: [] },
    },
  });
  const known = DOCUMENTS.map(({ set }) => set);
  const stranger = values.set.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new Error(`There is no document ${stranger}; there are ${known.join(', ')}.`);
  return {
    documents: values.set.length === 0 ? DOCUMENTS : DOCUMENTS.filter(({ set }) => values.set.includes(set)),
    isMarkdown: values.markdown,
    isRecording: values.record,
  };
}

async function run({ documents, isMarkdown, isRecording }: Wish, signal: AbortSignal): Promise<number> {
  const started = performance.now();
  const { stdout, stderr } = process;
  const total = documents.reduce((sum, { claims }) => sum + claims.length, 0);
  let done = 0;
  let judged: readonly JudgedDocument[];
  {
    await using lab = openLab({ store: STORE, signal });
    judged = await judgeDocuments(documents, lab, ({ claim, outcome }) => {
      if (!signal.aborted)
        stderr.write(`${++done} of ${total}  ${claim.id}: ${outcome?.verdict ?? 'could not be judged'}\n`);
    });
  }
  if (signal.aborted) return 130;
  const color = stdout.isTTY && process.env['NO_COLOR'] === undefined;
  const style = makeStyle({ width: stdout.isTTY ? stdout.columns : 120, color, unicode: true });
  if (isMarkdown) stdout.write(`${renderMarkdown(judged)}\n`);
  else {
    stdout.write(`${drawTable(judged, style).join('\n')}\n\n${drawTotals(judged, style)}\n`);
    stdout.write(
      `in ${showDuration(performance.now() - started)}; counterexamples are in ${STORE}: palindrome replay <id>\n`,
    );
  }
  const faults = judged.flatMap(({ claims }) => claims.filter(({ outcome }) => outcome === null));
  for (const { claim, fault } of faults) stderr.write(`error: ${claim.id} could not be judged: ${describe(fault)}\n`);
  if (faults.length > 0) return 3;
  if (isRecording) return await record(judged, documents.length === DOCUMENTS.length);
  const changes = await findChanges(judged);
  for (const change of changes) stderr.write(`changed: ${change}\n`);
  if (changes.length > 0) stderr.write('If that is right, record it: npm run claims -- --record\n');
  return changes.length === 0 ? 0 : 1;
}

async function findChanges(judged: readonly JudgedDocument[]): Promise<readonly string[]> {
  const perSet = judged.map(async ({ set, found, unearned }) => {
    const changes = compareVerdicts(await readVerdicts(set), found);
    return [...changes, ...unearned.map((result) => `hardened ${result}`)].map((change) => `${set}: ${change}`);
  });
  return (await Promise.all(perSet)).flat();
}

async function record(judged: readonly JudgedDocument[], isComplete: boolean): Promise<number> {
  for (const { set, found } of judged) {
    await recordVerdicts(set, found);
    process.stderr.write(`recorded: ${fileOf(set)}\n`);
  }
  if (!isComplete) return 0;
  const text = await readFile(README, 'utf8');
  const old = findTable(text);
  if (old === null) throw new Error('README.md has no table of claims to renew.');
  await writeFile(
    README,
    text.replace(old, () => renderMarkdown(judged)),
  );
  process.stderr.write('recorded: README.md\n');
  return 0;
}

function describe(fault: unknown): string {
  return fault instanceof Error ? (fault.stack ?? fault.message) : String(fault);
}

async function main(): Promise<number> {
  let wish: Wish;
  try {
    wish = readCommand(process.argv.slice(2));
  } catch (fault) {
    process.stderr.write(`error: ${messageOf(fault)}\n`);
    return 2;
  }
  const stop = new AbortController();
  watchInterrupts(stop, (line) => process.stderr.write(`${line}\n`));
  try {
    return await run(wish, stop.signal);
  } catch (fault) {
    if (stop.signal.aborted) return 130;
    process.stderr.write(`error: ${describe(fault)}\n`);
    return 3;
  }
}

process.exitCode = await main();
