import { generateKeyPairSync } from 'node:crypto';
import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Certificate } from '../../harness/core/certificate.ts';
import { renderCertificatePage } from '../../reports/certificate-page.ts';
import { BAD_SET, GOOD_SET, makeFolder, runCli, type Finished } from '../cli/run-cli.ts';

const FLAGS = ['--dialect', 'sqlite', '--cases', '12', '--seed', '7', '--property', 'rollback-restores,applies'];

function makeKeys(): { readonly secret: string; readonly open: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return {
    secret: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    open: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

describe('a certificate of a set that holds', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let certified: Finished;
  let text: string;

  beforeAll(async () => {
    const [own, other] = [makeKeys(), makeKeys()];
    folder = await makeFolder({ ...GOOD_SET, 'key.pem': own.secret, 'public.pem': own.open, 'other.pem': other.open });
    certified = await runCli(['certify', 'migrations', ...FLAGS, '--key', 'key.pem', '--mutants', '2'], folder.path);
    text = await readFile(path.join(folder.path, 'palindrome-certificate.json'), 'utf8');
  });

  afterAll(() => folder[Symbol.asyncDispose]());

  const check = (...more: string[]): Promise<Finished> =>
    runCli(['certify', '--check', 'palindrome-certificate.json', ...more], folder.path);

  it('should name every file, what was judged, how many mistakes were caught, and what was not checked', () => {
    expect(certified.code, certified.err).toBe(0);
    const certificate = JSON.parse(text) as Certificate;
    expect(certificate.decision).toBe('certified');
    expect(certificate.files.map((file) => file.path)).toEqual(Object.keys(GOOD_SET).toSorted());
    expect(certificate.sets[0]?.migrations.map(({ name }) => name)).toEqual(['0001_users', '0002_email_index']);
    const results = certificate.sets.flatMap(({ migrations }) => migrations.flatMap((each) => each.results));
    expect(results).toHaveLength(4);
    for (const { verdict, cases } of results) {
      expect(verdict).toBe('held');
      expect(cases).toBe(12);
    }
    expect(certificate.mutants?.taken).toBeGreaterThan(0);
    const { coverage } = certificate.sets[0]!;
    expect(coverage.obligations).toEqual([{ table: 'users', of: 'nick', what: 'NULL', isMet: true }]);
    expect(coverage.met).toBe(1);
    expect(certified.out).toContain('coverage: 1 of 1 obligation met');
    expect(certificate.limits.join('\n')).toContain('Only these properties were judged');
  });

  it('should lie beside a page that says the same, without scripts', async () => {
    const page = await readFile(path.join(folder.path, 'palindrome-certificate.html'), 'utf8');
    const { digest, files, limits } = JSON.parse(text) as Certificate;
    for (const said of [digest, ...files.map(({ sha256 }) => sha256), '✓ Certified', '0002_email_index'])
      expect(page).toContain(said);
    expect(page.match(/<li>/gu)?.length).toBe(limits.length);
    expect(page).not.toMatch(/<script/u);
    expect(page).toContain('@media print');
    expect(page).toContain('1 of 1 obligation met');
    const certificate = JSON.parse(text) as Certificate;
    const [set] = certificate.sets;
    const missed = { met: 0, obligations: set!.coverage.obligations.map((each) => ({ ...each, isMet: false })) };
    const poor = { ...certificate, sets: [{ ...set!, coverage: missed }] };
    expect(renderCertificatePage(poor, 'c.json')).toContain('<li>users.nick: NULL</li>');
    const hostile = { ...(JSON.parse(text) as Certificate), reason: '<img src=x onerror=1>' };
    expect(renderCertificatePage(hostile, 'c.json')).not.toContain('<img');
  });

  it('should stand on an unchanged checkout, with the key it was signed with', async () => {
    const { code, out } = await check('--public-key', 'public.pem');
    expect(out).toContain('palindrome-certificate.json stands: all 4 files');
    expect(out).toContain('coverage: 1 of 1 obligation met');
    expect(code).toBe(0);
  });

  it('should not stand for another key', async () => {
    const { code, out } = await check('--public-key', 'other.pem');
    expect(out).toContain('signed with another key');
    expect(code).toBe(1);
  });

  it('should name a file that was changed, one that is gone, and one that is new', async () => {
    const at = (name: string): string => path.join(folder.path, name);
    const [up, down] = ['migrations/0002_email_index.up.sql', 'migrations/0002_email_index.down.sql'] as const;
    await appendFile(at(up), ' ');
    await rm(at(down));
    await writeFile(at('migrations/0003_new.up.sql'), 'SELECT 1;');
    const { code, out } = await check();
    await writeFile(at(up), GOOD_SET[up]);
    await writeFile(at(down), GOOD_SET[down]);
    await rm(at('migrations/0003_new.up.sql'));
    expect(out).toContain(`${up} was changed`);
    expect(out).toContain(`${down} is gone`);
    expect(out).toContain('migrations/0003_new.up.sql was not there');
    expect(code).toBe(1);
  });

  it.each([
    ['a verdict', (value: string) => value.replace('"cases": 12', '"cases": 13'), 'its signature is wrong'],
    ['the seed', (value: string) => value.replace('"seed": 7', '"seed": 8'), 'it was changed after it was written'],
  ])('should not stand where %s of it was changed', async (_name, change, reason) => {
    const file = path.join(folder.path, 'palindrome-certificate.json');
    expect(change(text)).not.toBe(text);
    await writeFile(file, change(text));
    const { code, out } = await check();
    await writeFile(file, text);
    expect(out).toContain(reason);
    expect(code).toBe(1);
  });

  it('should not be taken where it is cut off, of a later format, or something else', async () => {
    const file = path.join(folder.path, 'palindrome-certificate.json');
    const codes: unknown[] = [];
    for (const bad of [text.slice(0, 200), text.replace('certificate/1', 'certificate/2'), '{}']) {
      await writeFile(file, bad);
      const { code, err } = await check();
      codes.push([code, err.slice(0, err.indexOf('\n')).replace(/:.*/u, '')]);
    }
    await writeFile(file, text);
    expect(codes).toEqual([
      [2, 'error'],
      [2, 'error'],
      [2, 'error'],
    ]);
  });
});

it('should refuse to certify a set of which something is falsified, and say so', async () => {
  await using folder = await makeFolder(BAD_SET);
  const { code, out } = await runCli(['certify', 'migrations', ...FLAGS, '--out', 'c.json'], folder.path);
  expect(code).toBe(1);
  expect(out).toContain('refused: 1 result falsified');
  const checked = await runCli(['certify', '--check', 'c.json'], folder.path);
  expect(checked.code).toBe(1);
  expect(checked.out).toContain('it certifies nothing: 1 result falsified');
});
