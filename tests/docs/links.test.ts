/** What the documents link to is there. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { readDoc, ROOT } from './markdown.ts';

const DOCS = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
const PAGES = readdirSync(join(ROOT, 'docs/properties')).map((name) => `properties/${name}`);

function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

it.each([...DOCS, ...PAGES])('should find every file and section that %s links to', (name) => {
  const text = readDoc(`docs/${name}`);
  const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = '']) => target);
  const broken = links.filter((target) => {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? `docs/${name}` : join('docs', dirname(name), path);
    if (!existsSync(join(ROOT, file))) return true;
    return anchor !== undefined && !anchorsOf(readDoc(file)).includes(anchor);
  });
  expect(broken).toEqual([]);
});

it('should be linked to from the README', () => {
  const readme = readDoc('README.md');
  expect(DOCS.filter((name) => !readme.includes(`](docs/${name}`))).toEqual([]);
});
