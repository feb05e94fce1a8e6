import { describe, expect, it } from 'vitest';
import type { Probe, Provider, ProviderName } from '../../harness/core/provider.ts';
import { chooseProvider, probeAll, standardProviders } from '../../harness/providers/choose.ts';
import { REQUEST } from './fixtures/look.ts';

const fine: Probe = { works: true, detail: 'PostgreSQL 17' };
const broken: Probe = { works: false, reason: 'the engine sleeps', remedy: 'wake it' };

function make(name: ProviderName, probe: Probe): Provider {
  return {
    name,
    dialect: name === 'sqlite' ? 'sqlite' : 'postgres',
    probe: () => Promise.resolve(probe),
    start: () => Promise.reject(new Error('not asked for')),
  };
}

/** Providers of a machine on which some work. */
function machine(container: Probe, embedded: Probe): Provider[] {
  return [make('container', container), make('embedded', embedded), make('server', broken), make('sqlite', fine)];
}

function namesOf(found: readonly { readonly provider: Provider }[]): ProviderName[] {
  return found.map(({ provider }) => provider.name);
}

describe('choosing a provider', () => {
  it('should take a container where one works', async () => {
    const { provider, reason } = await chooseProvider('auto', 'postgres', REQUEST, machine(fine, fine));
    expect([provider.name, reason]).toEqual(['container', 'container: PostgreSQL 17']);
  });

  it('should fall back to embedded and say why', async () => {
    const { provider, reason } = await chooseProvider('auto', 'postgres', REQUEST, machine(broken, fine));
    expect([provider.name, reason]).toEqual(['embedded', 'embedded: PostgreSQL 17; not container: the engine sleeps']);
  });

  it('should take the server whose URL is given', async () => {
    const request = { ...REQUEST, serverUrl: 'postgres://127.0.0.1' };
    expect((await chooseProvider('auto', 'postgres', request, machine(fine, fine))).provider.name).toBe('server');
    expect((await chooseProvider('embedded', 'postgres', request, machine(fine, fine))).provider.name).toBe('embedded');
  });

  it('should take what is asked for without asking whether it works', async () => {
    expect((await chooseProvider('container', 'postgres', REQUEST, machine(broken, fine))).provider.name).toBe(
      'container',
    );
  });

  it('should take a folder for SQLite, whatever is asked for', async () => {
    expect((await chooseProvider('container', 'sqlite', REQUEST, machine(fine, fine))).provider.name).toBe('sqlite');
  });

  it('should name every reason and remedy where nothing works', async () => {
    await expect(
      chooseProvider(
        'auto',
        'postgres',
        REQUEST,
        machine(broken, { works: false, reason: 'no binaries', remedy: 'get some' }),
      ),
    ).rejects.toMatchObject({
      code: 'no-provider',
      kind: 'environment',
      message: expect.stringMatching(/the engine sleeps.*no binaries/),
      hint: expect.stringMatching(/wake it.*get some/),
    });
  });

  it('should find one that works on this machine', async () => {
    const { provider, reason } = await chooseProvider('auto', 'postgres', REQUEST);
    expect(['container', 'embedded']).toContain(provider.name);
    expect(reason).toMatch(new RegExp(`^${provider.name}: .*(PostgreSQL|postgres)`));
  });
});

describe('probing all providers', () => {
  it('should ask those of the dialect, and the server only where there is a URL', async () => {
    expect(namesOf(await probeAll('postgres', REQUEST))).toEqual(['container', 'embedded']);
    expect(namesOf(await probeAll('postgres', { ...REQUEST, serverUrl: 'postgres://127.0.0.1:1' }))).toEqual([
      'container',
      'embedded',
      'server',
    ]);
    expect(namesOf(await probeAll('sqlite', REQUEST))).toEqual(['sqlite']);
  });

  it('should give a reason and a remedy for each that does not work', async () => {
    for (const { probe } of await probeAll('postgres', {
      ...REQUEST,
      image: 'nowhere.invalid/nothing:0',
      serverUrl: 'postgres://127.0.0.1:1',
    })) {
      const words = probe.works ? [probe.detail] : [probe.reason, probe.remedy];
      expect(words.filter((text) => text.length < 10)).toEqual([]);
    }
  });

  it('should know four providers', () => {
    expect(standardProviders.map(({ name }) => name)).toEqual(['container', 'embedded', 'server', 'sqlite']);
  });
});
