/** Reading reports that another run wrote: held against the schema that is published with the package, before anything believes them. */
import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { messageOf, PalindromeError } from '../core/errors.ts';
import type { Report } from '../core/report.ts';

const FORMAT = 'palindrome-report/1';
const SCHEMA_AT = [
  new URL('../../reports/report.schema.json', import.meta.url),
  new URL('../../../reports/report.schema.json', import.meta.url),
];

/**
 * Reads the JSON report in a file; `shownAs` names it in messages. Throws `PalindromeError` of kind `usage`: `report-unreadable` where it
 * cannot be read or is cut off, `report-newer` where a later version wrote it, `report-invalid` where it is not as palindrome writes it.
 */
export async function readReport(file: string, shownAs: string): Promise<Report> {
  const value = parse(await readText(file, shownAs), shownAs);
  const format = typeof value === 'object' && value !== null && 'format' in value ? value.format : undefined;
  if (format !== FORMAT) {
    const isNewer = typeof format === 'string' && /^palindrome-report\/\d+$/u.test(format);
    throw isNewer
      ? new PalindromeError('report-newer', `${shownAs} has the format ${format}; this version reads ${FORMAT}.`, {
          hint: 'Update palindrome.',
        })
      : new PalindromeError('report-invalid', `${shownAs} is no report of palindrome.`, {
          hint: 'Write one with --report json=report.json.',
        });
  }
  const validate = new Ajv2020({ strict: false }).compile<Report>(await readSchema());
  if (validate(value)) return value;
  const [wrong] = validate.errors ?? [];
  throw new PalindromeError(
    'report-invalid',
    `${shownAs} is not as palindrome writes it: ${wrong?.instancePath ?? ''} ${wrong?.message ?? ''}`.trimEnd(),
    { hint: 'Take the file as the run wrote it, of the same version of palindrome.' },
  );
}

async function readText(file: string, shownAs: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new PalindromeError('report-unreadable', `${shownAs} cannot be read: ${messageOf(error)}`);
  }
}

function parse(text: string, shownAs: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PalindromeError('report-unreadable', `${shownAs} is no JSON: ${messageOf(error)}`, {
      hint: 'It may have been cut off while it was written or copied.',
    });
  }
}

/** The file lies beside the sources, and beside what they are compiled to. */
async function readSchema(): Promise<object> {
  const [first, second] = await Promise.allSettled(SCHEMA_AT.map((at) => readFile(at, 'utf8')));
  const text = first?.status === 'fulfilled' ? first.value : second?.status === 'fulfilled' ? second.value : null;
  if (text === null) throw new Error('the schema of reports is not in the package');
  return JSON.parse(text) as object;
}
