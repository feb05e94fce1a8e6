/** Reports whose every user-made text tries to be something else, for all formats. */
import type { Report } from '../../harness/core/report.ts';
import { acceptedReport } from './sample-report.ts';

/** What people and generators put into names, rows and messages. Each is harmless as text and harmful as anything else. */
export const HOSTILE: Readonly<Record<string, string>> = {
  'a script element': '<script>window.hit=1</script>',
  'the end of a script element': '</script><img src=x onerror="window.hit=1">',
  'an attribute that ends': `"' onmouseover='window.hit=1' x="`,
  'the end of a comment': '--><b>bold</b><!--',
  'the end of character data': ']]><failure/>&amp;&#60;',
  'line breaks': 'one\ntwo\r\nthree\rfour\u2028five',
  'a workflow command': '::error file=a.sql,line=1::owned',
  'a workflow command in a later line': 'x\n  ::add-mask::owned\n##[error]owned\n%0A::warning::owned',
  'escape sequences of a terminal': '\u001B[2J\u001B]8;;http://evil.invalid\u0007link\u009B31m',
  'marks that turn the direction': 'a\u202Etxt.sql\u2066b',
  'control characters': '\u0000\u0001\u0008\uFFFE\uFFFF',
  'half a character': 'x\uD800y\uDC00z',
  'other alphabets': '日本語 😀 ñ Ω',
  'the end of a fence': '`````\n# heading\n`````',
  'cells of a table': 'a|b\\|c\n| --- |',
  'links and names':
    '[x](javascript:alert(1)) @octocat #1 https://evil.invalid www.evil.invalid a@evil.invalid <https://evil.invalid>',
  'a path outside': '../../etc/passwd?x#y%2e',
  'a long word': 'x'.repeat(700),
};

/** Words of the format itself: changed, they would make no report. */
const FIXED = new Set(
  (
    'format verb verdict layout dialect property clause by status change class upSha256 downSha256 version direction expires recorded ' +
    'provider'
  ).split(' '),
);

/** The sample report with `text` in every place that a user's project or database fills. Keys and words of the format stay. */
export function hostileReport(text: string): Report {
  return infect(acceptedReport, '', text) as Report;
}

function infect(value: unknown, key: string, text: string): unknown {
  if (typeof value === 'string') return FIXED.has(key) ? value : `${value}${text}`;
  if (Array.isArray(value)) return value.map((entry: unknown) => infect(entry, key, text));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      key === 'attributes' ? `${name}${text}` : name,
      name === 'format' ? entry : infect(entry, name, text),
    ]),
  );
}
