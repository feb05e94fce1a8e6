/**
 * The page in a browser. With PALINDROME_REQUIRE_BROWSER=1 Chromium must be there; a machine without it shows that the page was not
 * opened, by the one test that asks.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCoverageTally } from '../../harness/campaign/coverage.ts';
import { makeCertificate } from '../../harness/campaign/make-certificate.ts';
import { type Certificate, digestOf } from '../../harness/core/certificate.ts';
import type { Report } from '../../harness/core/report.ts';
import { renderCertificatePage } from '../../reports/certificate-page.ts';
import { renderPage } from '../../reports/page/render-page.ts';
import { HOSTILE, hostileReport } from './hostile-report.ts';
import { acceptedReport, sampleReport, sampleSet } from './sample-report.ts';

const CHROMIUM = process.env['PALINDROME_BROWSER'] ?? '/usr/bin/chromium';
const isThere = existsSync(CHROMIUM);
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let folder: string;
let browser: Browser;

/** A page of its own with what it said and asked for. */
async function open(
  report: Report,
  { scheme = 'light', width = 1280 }: { scheme?: 'light' | 'dark'; width?: number } = {},
): Promise<{ page: Page; said: string[]; asked: string[] }> {
  const file = path.join(folder, `${Math.random().toString(36).slice(2)}.html`);
  await writeFile(file, renderPage(report));
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height: 800 } });
  const page = await context.newPage();
  const said: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  return { page, said, asked: asked.splice(0, asked.length).slice(1).concat(asked) };
}

async function violations(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger, which the page's policy does not hold back.
  await page.evaluate(await import('node:fs/promises').then(({ readFile }) => readFile(axe, 'utf8')));
  return await page.evaluate(async () => {
    const { axe: checker } = globalThis as unknown as {
      axe: { run: () => Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations: found } = await checker.run();
    return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  });
}

/** One that shows each of its parts, from a report with failures. */
function sampleCertificate(): Certificate {
  const coverage = makeCoverageTally();
  const content = makeCertificate({
    report: acceptedReport,
    mutants: null,
    coverage: {
      ...coverage,
      of: () => ({ met: 0, obligations: [{ table: 'users', of: 'nick', what: 'NULL', isMet: false }] }),
    },
    files: [{ path: 'migrations/0001_users.up.sql', sha256: 'a'.repeat(64) }],
    folders: ['migrations'],
    issuedAt: '2026-01-01T00:00:00.000Z',
  });
  return { ...content, digest: digestOf(content), signature: null };
}

const focused = (page: Page): Promise<string> => page.evaluate('document.activeElement.textContent');
const visible = (page: Page): Promise<string> => page.evaluate('document.querySelector(".view:not([hidden])").id');

describe('the browser', () => {
  it('should be there where it is required, and otherwise be said to be missing', () => {
    if (!isThere) console.warn(`The HTML report was not opened: there is no ${CHROMIUM}.`);
    expect(isThere || process.env['PALINDROME_REQUIRE_BROWSER'] !== '1').toBe(true);
  });
});

describe.runIf(isThere)('the page', () => {
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'palindrome-page-'));
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
  });
  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true });
  });

  it('should open a failure, copy its command and come back, by keyboard alone', async () => {
    const { page, said, asked } = await open(acceptedReport);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    // The first stop in the matrix is the name of the first migration.
    await page.locator('.row[data-m="0"] .name a').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toBe('✗');
    expect(await page.locator('#detail').textContent()).toContain(
      'rollback-restores/data of 0002_drop_legacy: falsified.',
    );
    await page.keyboard.press('Enter');
    await page.locator('#f1').waitFor({ state: 'visible' });
    expect(await focused(page)).toContain('0002_drop_legacy');
    expect(await page.locator('#f1 mark').allTextContents()).toEqual([
      '  ALTER TABLE users',
      '  DROP COLUMN legacy_id;',
    ]);
    await page.keyboard.press('c');
    await page.locator('#f1 .copy', { hasText: 'copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('palindrome replay k3x9q2m0ab');
    await page.keyboard.press('n');
    await page.locator('#f2').waitFor({ state: 'visible' });
    await page.keyboard.press('Escape');
    await page.locator('#overview').waitFor({ state: 'visible' });
    expect(await focused(page)).toBe('✗');
    expect({ said, asked }).toEqual({ said: [], asked: [] });
  });

  it('should filter by words and by verdict, and forget it with Escape', async () => {
    const { page } = await open(acceptedReport);
    const shown = (): Promise<number> => page.locator('.row[data-m]:not([hidden])').count();
    await page.keyboard.press('/');
    await page.keyboard.type('fractional microsecond');
    expect(await shown()).toBe(1);
    await page.keyboard.press('Escape');
    expect(await shown()).toBe(3);
    await page.locator('.chip[data-outcome=waived]').press('Space');
    expect(await shown()).toBe(1);
    expect(await page.locator('#shown').textContent()).toBe('1 of 3');
  });

  it('should show all results of a migration with their reasons', async () => {
    const { page } = await open(acceptedReport);
    await page.locator('.row[data-m="1"] .name a').press('Enter');
    await page.locator('#migration').waitFor({ state: 'visible' });
    expect(await page.locator('#migration table').textContent()).toContain('no case had a row in public.audit_log');
    await page.locator('#migration a[href="#f1"]').click();
    await page.locator('#f1').waitFor({ state: 'visible' });
  });

  it.each(['light', 'dark'] as const)(
    'should have a certificate that axe does not object to, in %s',
    async (scheme) => {
      const file = path.join(folder, `certificate-${scheme}.html`);
      await writeFile(file, renderCertificatePage(sampleCertificate(), 'certificate.json'));
      const context = await browser.newContext({ colorScheme: scheme, viewport: { width: 360, height: 800 } });
      const page = await context.newPage();
      const said: string[] = [];
      page.on('console', (message) => said.push(message.text()));
      await page.goto(pathToFileURL(file).href);
      expect(await violations(page)).toEqual([]);
      expect(said).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
      await context.close();
    },
  );

  it.each(['light', 'dark'] as const)('should have nothing that axe objects to, in %s', async (scheme) => {
    const { page } = await open(acceptedReport, { scheme });
    expect(await violations(page)).toEqual([]);
    await page.evaluate("location.hash = 'f1'");
    await page.locator('#f1').waitFor({ state: 'visible' });
    expect(await violations(page)).toEqual([]);
    await page.evaluate("location.hash = 'm1'");
    await page.locator('#migration').waitFor({ state: 'visible' });
    expect(await violations(page)).toEqual([]);
  });

  it('should fit a phone of 360 pixels', async () => {
    const { page } = await open(acceptedReport, { width: 360 });
    const width = (): Promise<number> => page.evaluate('document.documentElement.scrollWidth');
    expect(await width()).toBe(360);
    await page.evaluate("location.hash = 'f1'");
    await page.locator('#f1').waitFor({ state: 'visible' });
    expect(await width()).toBe(360);
  });

  it('should open with a thousand migrations and go to the last by one key', async () => {
    const migrations = Array.from({ length: 1000 }, (_, at) => ({
      ...sampleSet.migrations[at % 3]!,
      name: `change_${at}`,
    }));
    const { page, said } = await open({ ...sampleReport, sets: [{ ...sampleSet, migrations }] });
    await page.locator('.row[data-m="0"] .name a').focus();
    await page.keyboard.press('Control+End');
    expect(await page.locator('#detail').textContent()).toContain('change_999');
    await page.keyboard.press('/');
    await page.keyboard.type('change_77');
    expect(await page.locator('#shown').textContent()).toBe('11 of 1000');
    expect(said).toEqual([]);
  });

  it('should run nothing that stands in the data', async () => {
    const { page, said, asked } = await open(hostileReport(Object.values(HOSTILE).join(' ')));
    for (const hash of ['f1', 'm1', 'overview']) {
      await page.evaluate(`location.hash = '${hash}'`);
      await expect.poll(() => visible(page)).toBe(hash === 'm1' ? 'migration' : hash);
    }
    expect(await page.evaluate('globalThis.hit')).toBeUndefined();
    expect({ said, asked }).toEqual({ said: [], asked: [] });
  });
});
