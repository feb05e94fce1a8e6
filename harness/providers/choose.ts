/**
 * Providers are where throwaway servers come from: a container, PostgreSQL binaries from npm, a server that is already there,
 * or, for SQLite, a folder. They import `core` alone and know no SQL.
 *
 * The invariant of this folder: everything that a provider makes is named in a lease before it is made, belongs to exactly one run,
 * and is gone when that run is, however it ended (`lease.ts`, `cleanup-script.ts`, `sweep.ts`).
 *
 * This file chooses among them.
 */
import { PalindromeError } from '../core/errors.ts';
import type { DialectName } from '../core/migration.ts';
import type { Probe, Provider, ProviderName, ServerRequest } from '../core/provider.ts';
import { containerProvider } from './container.ts';
import { embeddedProvider } from './embedded.ts';
import { serverProvider } from './server.ts';
import { sqliteProvider } from './sqlite.ts';

/** The providers of this package. */
export const standardProviders: readonly Provider[] = [
  containerProvider,
  embeddedProvider,
  serverProvider,
  sqliteProvider,
];

/** What `--provider` takes. */
export type ProviderWish = 'auto' | 'container' | 'embedded' | 'server';

export interface ProviderChoice {
  readonly provider: Provider;
  /** One line for people: which, and why not the one before it. */
  readonly reason: string;
}

/**
 * The provider for a dialect. `auto`: the server whose URL is given, else a container where an engine answers and the image can be had,
 * else embedded. A provider that is asked for by name is not probed: starting it will tell.
 * Throws `PalindromeError` code `no-provider` where none works.
 */
export async function chooseProvider(
  wanted: ProviderWish,
  dialect: DialectName,
  request: ServerRequest,
  providers: readonly Provider[] = standardProviders,
): Promise<ProviderChoice> {
  if (dialect === 'sqlite') return { provider: find(providers, 'sqlite'), reason: 'SQLite needs no server' };
  if (wanted !== 'auto') return { provider: find(providers, wanted), reason: `${wanted}: asked for` };
  if (request.serverUrl !== null) return { provider: find(providers, 'server'), reason: 'server: its URL was given' };

  const refusals: { name: ProviderName; probe: Probe & { works: false } }[] = [];
  for (const name of ['container', 'embedded'] as const) {
    const provider = find(providers, name);
    const probe = await provider.probe(request);
    if (probe.works) {
      const instead = refusals.map((refusal) => `; not ${refusal.name}: ${refusal.probe.reason}`).join('');
      return { provider, reason: `${name}: ${probe.detail}${instead}` };
    }
    refusals.push({ name, probe });
  }
  throw new PalindromeError(
    'no-provider',
    `No provider can start PostgreSQL here. ${refusals.map(({ name, probe }) => `${name}: ${probe.reason}`).join(' ')}`,
    { kind: 'environment', hint: refusals.map(({ name, probe }) => `${name}: ${probe.remedy}`).join(' ') },
  );
}

/** Every provider of a dialect with what its probe says, for `doctor`. `server` is asked only where a URL is given. */
export async function probeAll(
  dialect: DialectName,
  request: ServerRequest,
  providers: readonly Provider[] = standardProviders,
): Promise<readonly { readonly provider: Provider; readonly probe: Probe }[]> {
  const asked = providers.filter(
    (provider) => provider.dialect === dialect && (provider.name !== 'server' || request.serverUrl !== null),
  );
  return Promise.all(asked.map(async (provider) => ({ provider, probe: await provider.probe(request) })));
}

function find(providers: readonly Provider[], name: ProviderName): Provider {
  const found = providers.find((provider) => provider.name === name);
  if (found !== undefined) return found;
  throw new PalindromeError('no-provider', `The provider ${name} is not part of this installation.`, {
    kind: 'environment',
  });
}
