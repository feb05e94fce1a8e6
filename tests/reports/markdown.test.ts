import path from 'node:path';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { parseFragment, type DefaultTreeAdapterTypes } from 'parse5';
import { expect, test } from 'vitest';
import type { Report } from '../../harness/core/report.ts';
import { renderMarkdown } from '../../reports/markdown.ts';
import { HOSTILE, hostileReport } from './hostile-report.ts';
import { acceptedReport, lostData, sampleReport, sampleSet } from './sample-report.ts';

type Node = DefaultTreeAdapterTypes.Node;

/** Every element as a browser would see it, with its attributes. */
function elementsOf(markdown: string): readonly string[] {
  const html = micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
  const found: string[] = [];
  const walk = (node: Node): void => {
    if ('tagName' in node) found.push([node.tagName, ...node.attrs.map(({ name }) => name)].join(' '));
    if ('childNodes' in node) for (const child of node.childNodes) walk(child);
  };
  walk(parseFragment(html));
  return found;
}

test('should print the verdict, the matrix, the failure in full, and what was not checked', async () => {
  await expect(renderMarkdown(acceptedReport)).toMatchFileSnapshot(path.join(import.meta.dirname, 'goldens/report.md'));
});

test('should fit into a comment and count what does not', () => {
  const many = Array.from({ length: 300 }, (_, at) => ({ ...sampleSet.migrations[1]!, name: `migration_${at}` }));
  const markdown = renderMarkdown({ ...sampleReport, sets: [{ ...sampleSet, migrations: many }] });
  expect(markdown.length).toBeLessThan(65_536);
  const told = markdown.match(/<details>/gu)!.length;
  expect(markdown).toContain(`…and ${300 - told} more failures`);
  expect(markdown).toContain('240 more migrations');
});

test('should say so where there is nothing to tell of a set', () => {
  const held: Report = {
    ...sampleReport,
    sets: [{ ...sampleSet, migrations: Array.from({ length: 100 }, () => sampleSet.migrations[0]!) }],
  };
  expect(renderMarkdown(held)).toContain('100 migrations: nothing but what held or is inapplicable.');
});

test.each(Object.entries(HOSTILE))('should make the same elements with %s everywhere', (_what, text) => {
  const allowed = new Set(elementsOf(renderMarkdown(acceptedReport)));
  const seen = elementsOf(renderMarkdown(hostileReport(text)));
  expect(seen.filter((element) => !allowed.has(element))).toEqual([]);
  expect(seen.length).toBe(elementsOf(renderMarkdown(acceptedReport)).length);
});

test('should notify nobody outside of code', () => {
  const markdown = renderMarkdown({
    ...sampleReport,
    sets: [
      {
        ...sampleSet,
        migrations: [
          {
            ...sampleSet.migrations[1]!,
            results: [{ ...lostData, reason: '@octocat broke it', counterexample: null }],
          },
        ],
      },
    ],
  });
  expect(markdown).toContain('&#64;<!-- -->octocat');
  expect(markdown.replaceAll(/```[\s\S]*?```/gu, '')).not.toContain('@');
});
