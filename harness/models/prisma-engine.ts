/**
 * Prisma's schema engine as WebAssembly. It wants a database to talk to even for what needs none; what stands here for one answers
 * the question for its version and refuses the rest.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DialectName } from '../core/migration.ts';

export interface SchemaFile {
  readonly path: string;
  readonly content: string;
}

/** wasm-bindgen's own names. */
const SET_WASM = '__wbg_set_wasm';
const START = '__wbindgen_start';

/** The module beside the `.wasm` file, as wasm-bindgen makes it. */
interface Bindings {
  readonly [SET_WASM]: (exports: object) => void;
  readonly SchemaEngine: {
    new: (options: object, log: (line: string) => void, adapter: object) => Promise<Engine>;
  };
}

interface Engine {
  diff(params: object): Promise<{ readonly stdout: string | null }>;
  free?(): void;
}

/** The newest version for which every engine has the same SQL. */
const ANSWER = {
  columnNames: ['exists', 'version', 'numeric_version'],
  // Boolean, text and 32-bit integer, by the numbers of Prisma's driver adapters.
  columnTypes: [5, 7, 0],
  rows: [[true, 'PostgreSQL 17.0', 170_000]],
};

/** By folder: the bindings hold views of their instance's memory, so a second instance would read the first one's. */
const loaded = new Map<string, Promise<Bindings>>();

/** SQL that builds the schema from nothing. Throws what the engine throws: its message has file, line and column. */
export async function diffWithEngine(
  folder: string,
  files: readonly SchemaFile[],
  dialect: DialectName,
): Promise<string> {
  const loading = loaded.get(folder) ?? loadBindings(folder);
  loaded.set(folder, loading);
  const bindings = await loading;
  const datamodels = files.map((file) => [file.path, file.content]);
  const engine = await bindings.SchemaEngine.new({ datamodels }, () => undefined, makeAdapter(dialect));
  const { stdout } = await engine.diff({
    from: { tag: 'empty' },
    to: { tag: 'schemaDatamodel', files },
    script: true,
    shadowDatabaseUrl: null,
    exitCode: null,
    filters: { externalTables: [], externalEnums: [] },
  });
  return stdout ?? '';
}

/** What is used of WebAssembly, which the types of a Node.js program leave out. */
interface WebAssemblyApi {
  instantiate(
    code: Uint8Array,
    imports: Readonly<Record<string, object>>,
  ): Promise<{ readonly instance: { readonly exports: Readonly<Record<string, unknown>> } }>;
}

const { WebAssembly: webAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyApi };

/** Node.js 20 imports no `.wasm`, so the module and its code are put together here. */
async function loadBindings(folder: string): Promise<Bindings> {
  const script = path.join(folder, 'schema_engine_bg.js');
  const bindings = (await import(pathToFileURL(script).href)) as Bindings;
  const code = await readFile(path.join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await webAssembly.instantiate(code, { './schema_engine_bg.js': { ...bindings } });
  bindings[SET_WASM](instance.exports);
  const start = instance.exports[START];
  if (typeof start === 'function') start();
  return bindings;
}

function refuse(): never {
  throw new Error('the schema engine asked a database that is not there');
}

function makeAdapter(dialect: DialectName): object {
  const provider = dialect === 'postgres' ? 'postgres' : 'sqlite';
  const database = {
    provider,
    adapterName: 'palindrome',
    queryRaw: () => Promise.resolve(ok(ANSWER)),
    executeRaw: () => Promise.resolve(ok(0)),
    executeScript: refuse,
    startTransaction: refuse,
    dispose: () => Promise.resolve(ok(undefined)),
    getConnectionInfo: () => ok({ schemaName: 'public', supportsRelationJoins: true }),
  };
  return {
    provider,
    adapterName: 'palindrome',
    connect: () => Promise.resolve(ok(database)),
    connectToShadowDb: () => Promise.resolve(ok(database)),
    errorRegistry: { consumeError: () => undefined },
  };
}

/** A result as Prisma's adapters give it. */
function ok(value: unknown): object {
  return { ok: true, value };
}
