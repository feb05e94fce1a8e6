import pc from 'picocolors';

/** How a report may look where it goes. */
export interface Style {
  /** Columns that a line may take. */
  readonly width: number;
  readonly paint: ReturnType<typeof pc.createColors>;
  readonly glyphs: Glyphs;
}

interface Glyphs {
  readonly held: string;
  readonly falsified: string;
  readonly inconclusive: string;
  readonly inapplicable: string;
  /** A failure that somebody has accepted. */
  readonly accepted: string;
  readonly bullet: string;
  readonly rule: string;
  readonly bar: string;
  readonly cross: string;
  readonly caret: string;
  readonly ellipsis: string;
  readonly dot: string;
  readonly filled: string;
  readonly empty: string;
}

const UNICODE: Glyphs = {
  held: '✓',
  falsified: '✗',
  inconclusive: '?',
  inapplicable: '–',
  accepted: '~',
  bullet: '•',
  rule: '─',
  bar: '│',
  cross: '┼',
  caret: '^',
  ellipsis: '…',
  dot: '·',
  filled: '━',
  empty: '─',
};

const ASCII: Glyphs = {
  held: '+',
  falsified: 'x',
  inconclusive: '?',
  inapplicable: '-',
  accepted: '~',
  bullet: '*',
  rule: '-',
  bar: '|',
  cross: '+',
  caret: '^',
  ellipsis: '...',
  dot: '-',
  filled: '#',
  empty: '.',
};

/** `width` is kept between 60 and 160 columns. */
export function makeStyle(options: { width: number; color: boolean; unicode: boolean }): Style {
  return {
    width: Math.min(Math.max(options.width, 60), 160),
    paint: pc.createColors(options.color),
    glyphs: options.unicode ? UNICODE : ASCII,
  };
}
