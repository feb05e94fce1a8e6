import { statfs } from 'node:fs/promises';
import { messageOf } from '../../core/errors.ts';
import type { DialectName } from '../../core/migration.ts';
import type { Probe, ServerRequest } from '../../core/provider.ts';
import { hang } from '../../../reports/fit.ts';
import { sanitize } from '../../../reports/sanitize.ts';
import type { Style } from '../../../reports/style.ts';
import { readFlags } from '../flags.ts';
import type { RawFlags } from '../flags.ts';
import { styleFor } from '../io.ts';
import type { Io } from '../io.ts';

/** `palindrome doctor`: 0 where PostgreSQL or SQLite can be had for the providers that were asked about, else 3. */
export async function runDoctor(raw: RawFlags, io: Io): Promise<number> {
  const flags = readFlags(raw);
  const style = styleFor(io, flags.color ?? null);
  const { probeAll, standardProviders } = await import('../../providers/choose.ts');
  const wanted = flags.provider ?? 'auto';
  const request = (postgres: string | null): ServerRequest => ({
    postgres,
    image: flags.image ?? null,
    serverUrl: flags.serverUrl ?? io.env['PALINDROME_SERVER_URL'] ?? null,
    allowRemote: flags.allowRemote ?? false,
    keep: false,
  });
  io.out(`${[...(await describeTool(io, style)), ''].join('\n')}\n`);
  let doWork = 0;
  for (const postgres of flags.postgres ?? [null]) {
    io.out(`${style.paint.bold(postgres === null ? 'PostgreSQL' : `PostgreSQL ${postgres}`)}\n`);
    const asked =
      wanted === 'auto'
        ? await probeAll('postgres', request(postgres))
        : await Promise.all(
            standardProviders
              .filter(({ name }) => name === wanted)
              .map(async (provider) => ({ provider, probe: await provider.probe(request(postgres)) })),
          );
    doWork += asked.filter(({ probe }) => probe.works).length;
    io.out(`${asked.flatMap(({ provider, probe }) => describeProbe(provider.name, probe, style)).join('\n')}\n\n`);
  }
  const sqlite = await probeSqlite();
  io.out(`${[style.paint.bold('SQLite'), ...describeProbe('sqlite', sqlite, style)].join('\n')}\n`);
  if (wanted === 'auto' && sqlite.works) doWork++;
  return doWork > 0 ? 0 : 3;
}

async function describeTool(io: Io, style: Style): Promise<readonly string[]> {
  const { cacheFolder } = await import('../../providers/places.ts');
  const cache = await cacheFolder();
  return [
    `palindrome ${io.toolVersion}, Node.js ${process.versions.node}, ${process.platform} ${process.arch}`,
    ...hang('cache     ', `${sanitize(cache)}${await describeFree(cache)}`, style.width),
  ];
}

/** The space left where a folder is, or will be made. */
async function describeFree(folder: string): Promise<string> {
  for (let at = folder; ; at = at.slice(0, Math.max(1, at.lastIndexOf('/')))) {
    try {
      const { bavail, bsize } = await statfs(at);
      return `, ${((bavail * bsize) / 2 ** 30).toFixed(1)} GiB free`;
    } catch {
      if (at.length <= 1) return '';
    }
  }
}

function describeProbe(name: string, probe: Probe, style: Style): readonly string[] {
  const { paint, glyphs, width } = style;
  const sign = probe.works ? paint.green(glyphs.held) : paint.red(glyphs.falsified);
  const head = `  ${sign} ${name.padEnd(10)} `;
  if (probe.works) return hang(head, sanitize(probe.detail), width);
  return [
    ...hang(head, sanitize(probe.reason), width),
    ...hang(' '.repeat(15), `${paint.cyan('hint')}: ${sanitize(probe.remedy)}`, width),
  ];
}

/** The driver is a native module: whether it loads is what matters, and only loading it tells. */
async function probeSqlite(): Promise<Probe> {
  const dialect: DialectName = 'sqlite';
  try {
    const [{ sqliteDialect }, { sqliteMemoryProvider }] = await Promise.all([
      import('../../dialects/sqlite/dialect.ts'),
      import('../../providers/sqlite.ts'),
    ]);
    await using server = await sqliteMemoryProvider.start({
      postgres: null,
      image: null,
      serverUrl: null,
      allowRemote: false,
      keep: false,
    });
    await using cluster = await sqliteDialect.openCluster(server, { foreignKeys: true, functions: {}, keep: false });
    return { works: true, detail: `SQLite ${cluster.engine.version}` };
  } catch (thrown) {
    return {
      works: false,
      reason: messageOf(thrown),
      remedy: `npm rebuild better-sqlite3 (needed for ${dialect} only)`,
    };
  }
}
