/** Files looked into when a layout is told by a marker inside them. */
const SAMPLE = 8;

/** The share of the folder's numbered `.sql` files (an even sample of them) that hold a marker; 0 to 1. */
export function shareWithMarker(files: readonly string[], peek: (file: string) => string, marker: RegExp): number {
  const candidates = files.filter((file) => /^[^/]*\d[^/]*\.sql$/i.test(file));
  if (candidates.length === 0) return 0;
  const step = Math.max(1, Math.floor(candidates.length / SAMPLE));
  const sample = candidates.filter((_, index) => index % step === 0);
  return sample.filter((file) => marker.test(peek(file))).length / sample.length;
}
