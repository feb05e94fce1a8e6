/** HTML that is escaped by construction: text becomes markup only through `markup`, and everything put into it is escaped unless it is markup. */
import escapeHtml from 'escape-html';
import { sanitizeLines } from '../sanitize.ts';

/** HTML that has been escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Value = string | number | Markup | null | readonly Markup[];

/** The template as markup. Attributes stand in double quotes. Control and direction marks are spelt out, line breaks stay. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  let text = strings[0] ?? '';
  for (const [at, value] of values.entries()) text += textOf(value) + (strings[at + 1] ?? '');
  return new Markup(text);
}

/** Markup where a condition holds, nothing where it does not. */
export function when(condition: boolean, make: () => Markup): Markup {
  return condition ? make() : NOTHING;
}

const NOTHING = new Markup('');

function textOf(value: Value): string {
  if (value === null) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'object') return value.map(({ text }) => text).join('');
  return escapeHtml(sanitizeLines(String(value)).join('\n'));
}

/** Data for the page's own script, inside of a script element that nothing in it can end. */
export function dataScript(id: string, data: unknown): Markup {
  const json = JSON.stringify(data).replaceAll('<', String.raw`\u003c`);
  return new Markup(`<script type="application/json" id="${escapeHtml(id)}">${json}</script>`);
}
