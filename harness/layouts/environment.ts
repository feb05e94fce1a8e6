/**
 * goose's ENVSUB: `$NAME`, `${NAME}`, `${NAME:-default}`, `${NAME-default}` and `\$` or `$$` for a dollar sign.
 */
import { PalindromeError, placeAt } from '../core/errors.ts';
import type { Line } from './lines.ts';

export interface SubstitutionSource {
  readonly file: string;
  readonly text: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const VARIABLE = /\\\$|\$\$|\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)(?:(:?-)([^}]*))?\})/g;

/**
 * A line with its variables replaced. Throws `variable-missing` with the place for one that has neither a value nor a default:
 * goose would put nothing there, which is never what a verification means.
 */
export function substituteVariables(source: SubstitutionSource, line: Line): string {
  return line.text.replace(
    VARIABLE,
    (
      match: string,
      plain: string | undefined,
      braced: string | undefined,
      operator: string | undefined,
      fallback: string | undefined,
      index: number,
    ) => {
      const name = plain ?? braced;
      if (name === undefined) return '$';
      const value = source.environment[name];
      const isAbsent = value === undefined || (value === '' && operator === ':-');
      if (!isAbsent) return value;
      if (fallback !== undefined) return fallback;
      throw new PalindromeError(
        'variable-missing',
        `goose replaces ${match} with the environment variable ${name}, which is not set.`,
        {
          place: placeAt(source.file, source.text, line.offset + index),
          hint: `Set ${name} for this command, or write a default: \${${name}:-value}.`,
        },
      );
    },
  );
}
