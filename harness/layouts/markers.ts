/** Files looked into when a layout is told by a marker inside them. */
const SAMPLE = 8;

/**
 * How sure a layout can be that is told by a marker inside its files: 0 if none of an even sample of them holds it,
 * else 0.8 to 0.95, more where more do. A file without the marker in such a folder is a mistake, not another layout.
 */
export function scoreByMarker(files: readonly string[], peek: (file: string) => string, marker: RegExp): number {
  const candidates = files.filter((file) => /^[^/]*\d[^/]*\.sql$/i.test(file));
  const step = Math.max(1, Math.floor(candidates.length / SAMPLE));
  const sample = candidates.filter((_, index) => index % step === 0);
  const marked = sample.filter((file) => marker.test(peek(file))).length;
  return marked === 0 ? 0 : 0.8 + (0.15 * marked) / sample.length;
}
