/** The examples of `docs/deploy`: whole YAML, workflows as GitHub's schema has them, and commands that the command line knows. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { validateWorkflow } from '@action-validator/core';
import { Deployment, type IDeployment } from 'kubernetes-models/apps/v1';
import { type IJob, Job } from 'kubernetes-models/batch/v1';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { makeProgram } from '../../harness/cli/program.ts';
import { SILENT_IO } from '../../scripts/silent-io.ts';

const FOLDER = path.join(import.meta.dirname, '../../docs/deploy');
const FILES = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/u.test(name));
const WORKFLOWS = FILES.filter((name) => name.startsWith('github'));

interface Found {
  readonly file: string;
  readonly words: readonly string[];
}

describe('the examples', () => {
  it('should be there', () => {
    expect(FILES.toSorted()).toEqual([
      'compose.yaml',
      'github/nightly.yml',
      'github/pull-request.yml',
      'github/release.yml',
      'kubernetes/campaign.yaml',
    ]);
  });

  it.each(FILES)('should be whole YAML: %s', (file) => {
    for (const document of parseAllDocuments(read(file))) {
      expect(document.errors).toEqual([]);
      expect(document.warnings).toEqual([]);
    }
  });

  it.each(WORKFLOWS)('should be a workflow as GitHub takes it: %s', (file) => {
    expect(validateWorkflow(read(file)).errors).toEqual([]);
  });

  it('should tell a workflow that is none', () => {
    expect(validateWorkflow('name: x\non: push\njobs:\n  a:\n    runs-at: y\n').errors.length).toBeGreaterThan(0);
  });

  it('should be objects as the schemas of Kubernetes have them, with labels and names that agree', () => {
    const found = parseAllDocuments(read('kubernetes/campaign.yaml')).map((document) => document.toJS() as unknown);
    expect(found.map((each) => (each as { kind: string }).kind)).toEqual(['Job', 'Deployment']);
    const [job, deployment] = found as [IJob, IDeployment];
    new Job(job).validate();
    new Deployment(deployment).validate();
    const { selector, template } = deployment.spec!;
    expect(template.metadata?.labels).toMatchObject(selector.matchLabels!);
    for (const { spec } of [job.spec!.template, template])
      for (const { volumeMounts = [] } of spec!.containers)
        for (const { name } of volumeMounts) expect(spec!.volumes?.map((volume) => volume.name)).toContain(name);
    const wrong = { ...deployment, spec: { ...deployment.spec, replicas: 'four' } } as unknown as IDeployment;
    expect(() => new Deployment(wrong).validate()).toThrow('replicas must be integer');
  });

  it('should name verbs, flags and values that the command line takes', async () => {
    const commands = [...FILES.flatMap(commandsOf), ...containersOf('Dockerfile')];
    expect(commands.length).toBeGreaterThan(8);
    for (const { file, words } of commands) expect(await complaintOf(words), `${file}: ${words.join(' ')}`).toBeNull();
    expect(await complaintOf(['verify', 'm', '--fail-onn', 'new'])).toContain('--fail-onn');
    expect(await complaintOf(['worker', 'm'])).not.toBeNull();
  });
});

function read(file: string): string {
  return readFileSync(path.join(FOLDER, file), 'utf8');
}

/** Commands in `run:` of workflows, in `command:` of services, in `args:` of containers. */
function commandsOf(file: string): readonly Found[] {
  const found: Found[] = [];
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === 'run' && typeof value === 'string') found.push(...fromShell(file, value));
      else if ((key === 'command' || key === 'args') && Array.isArray(value))
        found.push({ file, words: value.map(String) });
      else walk(value);
    }
  };
  for (const document of parseAllDocuments(read(file))) walk(document.toJS());
  return found;
}

function fromShell(file: string, script: string): readonly Found[] {
  return [...script.matchAll(/palindrome ([^\n|>&]+)/gu)].map(([, words = '']) => ({
    file,
    words: words
      .trim()
      .split(/\s+/u)
      .map((word) => word.replaceAll(/^["']|["']$/gu, '')),
  }));
}

function containersOf(file: string): readonly Found[] {
  return [...read(file).matchAll(/^CMD (\[.*\])$/gmu)].map(([, list = '[]']) => ({
    file,
    words: JSON.parse(list) as string[],
  }));
}

/** What the command line would say; null: it would run. */
async function complaintOf(words: readonly string[]): Promise<string | null> {
  const program = makeProgram(SILENT_IO, () => undefined);
  for (const command of program.commands) command.action(() => undefined);
  try {
    await program.parseAsync([...words], { from: 'user' });
    return null;
  } catch (thrown) {
    return (thrown as Error).message;
  }
}
