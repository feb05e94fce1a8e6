import { describe, expect, it } from 'vitest';
import { compareVerdicts, type Verdicts } from './verdicts.ts';

const RECORDED: Verdicts = {
  falsified: { 'as-documented': [['0002', 'applies', 'atomic']], hardened: [] },
  claims: { 'a/one': 'held', 'a/two': 'falsified' },
};

describe('recorded verdicts', () => {
  it('should equal themselves', () => {
    expect(compareVerdicts(RECORDED, structuredClone(RECORDED))).toEqual([]);
  });

  it('should notice a claim that no longer holds, one that holds now, one that is new and one that is gone', () => {
    const found = { ...RECORDED, claims: { 'a/one': 'falsified', 'a/three': 'held' } } as const;
    expect(compareVerdicts(RECORDED, found)).toEqual([
      'a/one: was held, is falsified',
      'a/two: was falsified, is no longer a claim',
      'a/three: was not recorded, is held',
    ]);
  });

  it('should notice a failure that is new and one that is gone, by its clause', () => {
    const found = {
      ...RECORDED,
      falsified: { 'as-documented': [['0002', 'applies', 'up-fails']], hardened: [] },
    } satisfies Verdicts;
    expect(compareVerdicts(RECORDED, found)).toEqual([
      'as-documented 0002 applies atomic: is no longer falsified',
      'as-documented 0002 applies up-fails: is falsified, and that is new',
    ]);
  });
});
