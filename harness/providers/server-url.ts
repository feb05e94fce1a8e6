/**
 * Reads the URL of a PostgreSQL server, as libpq would, without ever repeating the password.
 */
import { PalindromeError } from '../core/errors.ts';

/** How the server wants or needs TLS, as libpq names it. `prefer`: whatever the server offers. `verify`: with a certificate that is trusted. */
type SslMode = 'disable' | 'prefer' | 'require' | 'verify';

export interface ServerAddress {
  /** A host name, an address without brackets, or the folder of a Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly database: string;
  readonly sslMode: SslMode;
}

const SSL_MODES: Readonly<Record<string, SslMode>> = {
  disable: 'disable',
  allow: 'prefer',
  prefer: 'prefer',
  require: 'require',
  'verify-ca': 'verify',
  'verify-full': 'verify',
};

const EXAMPLE = 'Write it as postgres://user:password@127.0.0.1:5432/database.';

/** Parses `postgres://user:password@host:port/database?sslmode=…&host=…`. Throws `PalindromeError` of kind `usage`, code `server-url-invalid`. */
export function parseServerUrl(text: string): ServerAddress {
  const url = parseUrl(text);
  const host =
    decode(url.searchParams.get('host') ?? '') || decode(url.hostname).replace(/^\[(.*)\]$/, '$1') || 'localhost';
  const port = url.port || url.searchParams.get('port') || '5432';
  const user = decode(url.username) || url.searchParams.get('user') || 'postgres';
  const sslMode = SSL_MODES[url.searchParams.get('sslmode') ?? 'prefer'];
  if (!/^\d+$/.test(port) || Number(port) < 1 || Number(port) > 65_535)
    throw invalid('its port is not a number from 1 to 65535');
  if (sslMode === undefined) throw invalid(`its sslmode is none of ${Object.keys(SSL_MODES).join(', ')}`);
  return {
    host,
    port: Number(port),
    user,
    password: decode(url.password) || url.searchParams.get('password') || undefined,
    database: decode(url.pathname.slice(1)) || 'postgres',
    sslMode,
  };
}

/** Whether an address cannot leave this machine: a loopback address or name, or a Unix socket. Names are not looked up. */
export function isLoopback(host: string): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** `host:port`, for people. */
export function formatAddress({ host, port }: Pick<ServerAddress, 'host' | 'port'>): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function parseUrl(text: string): URL {
  // The WHATWG parser refuses an empty host beside credentials, which libpq allows; a stand-in is taken away again by `host=`.
  const url = tryUrl(text) ?? tryUrl(text.replace(/^(postgres(?:ql)?:\/\/[^/@]*@)(?=[/?])/, '$1localhost'));
  if (url === null) throw invalid('it does not parse');
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')
    throw invalid('it does not start with postgres:// or postgresql://');
  return url;
}

function tryUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw invalid('it has a % that is not followed by two hexadecimal digits; write %25 for the character itself');
  }
}

function invalid(reason: string): PalindromeError {
  return new PalindromeError('server-url-invalid', `The server URL cannot be used: ${reason}.`, { hint: EXAMPLE });
}
