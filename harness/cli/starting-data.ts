/** Other people's data, from what was typed to what a campaign can open and mask. */
import { randomBytes } from 'node:crypto';
import type { StartingData } from '../campaign/plan.ts';
import type { DatasetSettings, SetSettings } from '../config/settings.ts';
import type { Dialect } from '../core/dialect.ts';
import { PalindromeError } from '../core/errors.ts';
import type { SourceLocation } from '../core/source-data.ts';
import { serverProvider } from '../providers/server.ts';
import { formatAddress, isLoopback, parseServerUrl } from '../providers/server-url.ts';

const SALT_BYTES = 32;

/** Opens nothing yet. A salt that was not given is drawn here, and kept nowhere. */
export function startingDataOf(
  dataset: DatasetSettings,
  { allowRemote, limits }: Pick<SetSettings, 'allowRemote' | 'limits'>,
  dialect: Dialect,
): StartingData {
  const salt = dataset.salt ?? randomBytes(SALT_BYTES).toString('hex');
  const shownAs = showLocation(dataset);
  return {
    shownAs,
    after: dataset.at,
    hasSalt: dataset.salt !== null,
    open: async (cluster) =>
      dialect.openSource({
        location: await locate(dataset.location, shownAs, allowRemote),
        cluster,
        statementMs: limits.statementMs,
      }),
    async findRuleIssues(model) {
      const { findRuleIssues } = await import('../../generators/anonymise/anonymise.ts');
      return findRuleIssues(model, dataset.rules);
    },
    async mask(source, seeded, words) {
      const [{ anonymise }, { takeSample }] = await Promise.all([
        import('../../generators/anonymise/anonymise.ts'),
        import('../../generators/anonymise/sample.ts'),
      ]);
      const sample = await takeSample(source, dataset.rows);
      const { rules } = dataset;
      const masked = await anonymise({ model: source.model, dataset: sample.dataset, rules, salt, seeded, words });
      return { ...masked, tables: sample.tables };
    },
  };
}

function isUrl(location: string): boolean {
  return location.includes('://');
}

/** Without user and password. */
function showLocation({ location, shownAs }: DatasetSettings): string {
  if (!/^postgres(ql)?:/.test(location)) return shownAs;
  const address = parseServerUrl(location);
  return `postgresql://${formatAddress(address)}/${address.database}`;
}

async function locate(location: string, shownAs: string, allowRemote: boolean): Promise<SourceLocation> {
  if (!isUrl(location)) return { kind: 'file', path: location, shownAs };
  const { host, database } = parseServerUrl(location);
  if (!isLoopback(host) && !allowRemote) {
    throw new PalindromeError('remote-refused', `The dataset ${shownAs} is not on this machine.`, {
      hint: 'It is only ever read, in one read-only transaction. If that is meant, say so with --allow-remote.',
    });
  }
  const server = await serverProvider.start({
    postgres: null,
    image: null,
    serverUrl: location,
    allowRemote: true,
    keep: false,
  });
  if (server.dialect !== 'postgres') throw new TypeError('not a PostgreSQL server');
  const { port, user, password, ssl } = server;
  return { kind: 'url', host, port, user, password, database, ssl, shownAs };
}
