import { parse, type DefaultTreeAdapterTypes } from 'parse5';
import { expect, test } from 'vitest';
import { renderPage } from '../../reports/page/render-page.ts';
import { HOSTILE, hostileReport } from './hostile-report.ts';
import { acceptedReport } from './sample-report.ts';

type Node = DefaultTreeAdapterTypes.Node;

/** Every element with the names of its attributes, as a browser parses them. */
function elementsOf(page: string): readonly string[] {
  const found: string[] = [];
  const walk = (node: Node): void => {
    if ('tagName' in node) found.push([node.tagName, ...node.attrs.map(({ name }) => name).toSorted()].join(' '));
    if ('childNodes' in node) for (const child of node.childNodes) walk(child);
  };
  walk(parse(page));
  return found;
}

test('should name nothing that a browser would fetch', () => {
  const page = renderPage(acceptedReport);
  expect(page.match(/(?:src|href)="(?!#|data:,")[^"]*"/gu)).toBeNull();
  expect(page).toContain(`<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;;`);
});

test('should give the same page for the same report', () => {
  expect(renderPage(acceptedReport)).toBe(renderPage(structuredClone(acceptedReport)));
});

test('should show earlier runs where there are some', () => {
  const verdicts = { held: 4, falsified: 2, inconclusive: 0, inapplicable: 1 };
  const past = [{ at: '2026-11-01T02:00:00Z', seed: 1, exitCode: 1, durationMs: 2000, cases: 9, verdicts }];
  expect(renderPage(acceptedReport, past)).toContain('The last 2 runs');
  expect(renderPage(acceptedReport)).not.toContain('id="trends"');
});

test.each(Object.entries(HOSTILE))(
  'should make the same elements with %s in every name, row and message',
  (_what, text) => {
    // Lines of a statement are elements of their own, and a step of several lines is a drawing; everything else is text.
    const count = (page: string): readonly string[] =>
      elementsOf(page).filter((element) => !/^(?:mark|span class|pre tabindex)/u.test(element));
    const page = renderPage(hostileReport(text));
    expect(count(page).toSorted()).toEqual(count(renderPage(acceptedReport)).toSorted());
    // oxlint-disable-next-line no-control-regex
    expect(page.match(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069]/gu)).toBeNull();
  },
);
