/**
 * Keeps the console blocks of the README true: each holds a command and what it printed. `npm run docs:readme` prints them anew;
 * a test compares. Times, and where a block says `…` the lines between, are left out of the comparison.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const BLOCK = /<!-- verified: (\w+) -->\n+```console\n\$ palindrome ([^\n]*)\n([\s\S]*?)```/g;
const LONGEST_SECTION = 1;

export interface ReadmeBlock {
  readonly name: string;
  readonly command: readonly string[];
  /** What the README shows under the command. */
  readonly shown: string;
}

/** The blocks of the README, in order. */
export async function readBlocks(): Promise<readonly ReadmeBlock[]> {
  const text = await readFile(join(ROOT, 'README.md'), 'utf8');
  return [...text.matchAll(BLOCK)].map(([, name = '', command = '', shown = '']) => ({
    name,
    command: command.split(' '),
    shown: shown.trimEnd(),
  }));
}

/** A folder in which nothing ran yet, with the migrations in it: what is stored there by one command is there for the next. */
export async function openFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'palindrome-readme-'));
  await symlink(join(ROOT, 'migrations'), join(path, 'migrations'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Runs a command as a user would, in a folder, and returns what it printed on standard output. */
export function runCommand(command: readonly string[], cwd: string): Promise<string> {
  const main = join(ROOT, 'harness/cli/main.ts');
  const env = { ...process.env, NO_COLOR: '1', COLUMNS: '100', LANG: 'C.UTF-8' };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', join(ROOT, 'node_modules/tsx/dist/esm/index.mjs'), main, ...command],
      { cwd, env, maxBuffer: 1 << 24 },
      (_error, stdout) => resolve(stdout.trimEnd()),
    );
  });
}

/** What of an output does not depend on the machine's speed. */
export function withoutTimes(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) =>
      line
        .replaceAll(/\d[\d.]* ?(?:ms|s|min)\b/g, '<time>')
        .replaceAll(/\s+/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '');
}

/** A long report down to what a first reader needs: the first failure in full. */
export function abridge(output: string): string {
  const sections = output.split(/\n(?=── \d+ of \d+ )/);
  const [head = '', ...failures] = sections;
  const last = failures.at(-1) ?? '';
  const tail = last.slice(last.indexOf('\nNot asked') + 1);
  if (failures.length <= LONGEST_SECTION) return output;
  return [head, ...failures.slice(0, LONGEST_SECTION), '…', tail.slice(tail.lastIndexOf('\n\n') + 2)].join('\n');
}

async function rewrite(): Promise<void> {
  await using folder = await openFolder();
  let text = await readFile(join(ROOT, 'README.md'), 'utf8');
  for (const { name, command } of await readBlocks()) {
    const output = abridge(await runCommand(command, folder.path));
    const block = `<!-- verified: ${name} -->\n\n\`\`\`console\n$ palindrome ${command.join(' ')}\n${output}\n\`\`\``;
    text = text.replace(new RegExp(`<!-- verified: ${name} -->\\n+\`\`\`console\\n[\\s\\S]*?\`\`\``), () => block);
  }
  await writeFile(join(ROOT, 'README.md'), text);
}

if (process.argv[1]?.endsWith('readme-blocks.ts') === true) await rewrite();
