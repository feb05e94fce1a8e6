/** Turns whatever a configuration file gave into the keys that are right and a list of everything that is wrong. */
import type { z } from 'zod';
import { PalindromeError } from '../core/errors.ts';
import type { UserConfig } from './define-config.ts';
import { nearest, suggestion } from './nearest.ts';
import { CONFIG_KEYS, CONFIG_SHAPE } from './schema.ts';

/** One thing wrong with a configuration. */
export interface ConfigIssue {
  /** Where in the configuration: `declare["0012_x"].lossy[0].reason`; empty for the whole. */
  readonly path: string;
  readonly message: string;
}

/** The keys that passed, and every issue of those that did not. */
export interface ValidatedConfig {
  readonly config: UserConfig;
  readonly issues: readonly ConfigIssue[];
}

/** Checks each key on its own, so that one mistake hides no other. Never throws. */
export function validateConfig(raw: unknown): ValidatedConfig {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    return { config: {}, issues: [{ path: '', message: `must be an object with keys, not ${nameKind(raw)}` }] };
  const issues: ConfigIssue[] = [];
  const config: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(raw)) {
    if (value === undefined) continue;
    if (!isConfigKey(key)) {
      issues.push({ path: key, message: `unknown key${suggestion(key, CONFIG_KEYS)}` });
      continue;
    }
    const schema: z.ZodType = CONFIG_SHAPE[key];
    const parsed = schema.safeParse(value, { error: wordIssue });
    if (parsed.success) config[key] = parsed.data;
    else issues.push(...parsed.error.issues.flatMap((issue) => describe([key, ...issue.path], issue)));
  }
  issues.push(...findDuplicates(config));
  return { config: config, issues };
}

/** The error that reports all issues of a file at once. `file` is as shown to people. */
export function configError(file: string, issues: readonly ConfigIssue[]): PalindromeError {
  const lines = issues.map(({ path, message }) => `  ${path === '' ? '' : `${path}: `}${message}`);
  const head = issues.length === 1 ? '1 error' : `${issues.length} errors`;
  return new PalindromeError('config-invalid', `${head} in ${file}\n${lines.join('\n')}`, {
    hint: 'docs/configuration.md has every key with an example; `palindrome init` writes a commented file.',
  });
}

/** A key path as it would be written in JavaScript. */
export function showPath(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => {
      if (typeof part === 'number') return `[${part}]`;
      const name = String(part);
      if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `[${JSON.stringify(name)}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join('');
}

function describe(path: readonly PropertyKey[], issue: z.core.$ZodIssue): ConfigIssue[] {
  if (issue.code === 'invalid_key')
    return issue.issues.flatMap((inner) => describe([...path, ...inner.path], { ...inner, path: [] }));
  return issue.message.split('\n').map((message) => ({ path: showPath(path), message }));
}

function wordIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `is missing (${wordType(issue.expected)})`
        : `must be ${wordType(issue.expected)}, not ${nameKind(issue.input)}`;
    case 'invalid_value': {
      const values = issue.values.map(String);
      const near = typeof issue.input === 'string' ? nearest(issue.input, values) : null;
      const known = values.map((value) => `"${value}"`).join(', ');
      const given = typeof issue.input === 'string' ? `"${issue.input}"` : nameKind(issue.input);
      return `must be one of ${known}, not ${given}${near === null ? '' : `; did you mean "${near}"?`}`;
    }
    case 'too_small':
      return issue.origin === 'array' ? 'must not be empty' : `must be at least ${issue.minimum}`;
    case 'too_big':
      return `must be at most ${issue.maximum}`;
    default:
      return undefined;
  }
}

function wordType(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    string: 'text',
    int: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'an object',
    record: 'an object',
  };
  return words[expected] ?? expected;
}

function nameKind(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text "${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function findDuplicates(config: UserConfig): ConfigIssue[] {
  return (['invariants', 'conserve', 'datasets', 'queries', 'pagers'] as const).flatMap((key) => {
    const seen = new Set<string>();
    return (config[key] ?? []).flatMap(({ id }, index) => {
      if (seen.has(id)) return [{ path: `${key}[${index}].id`, message: `"${id}" is used twice` }];
      seen.add(id);
      return [];
    });
  });
}

function isConfigKey(key: string): key is keyof UserConfig {
  return Object.hasOwn(CONFIG_SHAPE, key);
}
