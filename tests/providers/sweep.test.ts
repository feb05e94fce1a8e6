import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeLease } from '../../harness/providers/lease.ts';
import type { LeaseTerms } from '../../harness/providers/lease.ts';
import { identify, judgeOwner } from '../../harness/providers/owner.ts';
import type { Owner } from '../../harness/providers/owner.ts';
import { sweep } from '../../harness/providers/sweep.ts';

let root: string;
let me: Owner;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'palindrome-sweep-'));
  me = (await identify(process.pid))!;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function writeRun(runId: string, owner: Owner): string {
  const folder = join(root, runId);
  mkdirSync(join(folder, 'data'), { recursive: true });
  writeFileSync(join(folder, 'data', 'file'), 'something');
  const terms: LeaseTerms = { format: 'palindrome-lease/1', runId, owner, folders: [folder], container: null };
  writeFileSync(join(root, `${runId}.lease`), JSON.stringify(terms));
  return folder;
}

describe('an owner', () => {
  it('should be alive while it runs', async () => {
    expect(await judgeOwner(me)).toBe('alive');
  });

  it('should be dead when another process has its number', async () => {
    expect(await judgeOwner({ ...me, startedAt: `${me.startedAt}0` })).toBe('dead');
  });

  it('should be dead when no process has its number, and when the machine was started again', async () => {
    expect(await judgeOwner({ ...me, pid: 2 ** 22 + 1 })).toBe('dead');
    expect(await judgeOwner({ ...me, boot: 'an earlier one' })).toBe('dead');
  });

  it('should not be judged from another machine or another container', async () => {
    expect(await judgeOwner({ ...me, host: 'elsewhere', boot: 'another' })).toBe('unknown');
    expect(await judgeOwner({ ...me, namespace: 'pid:[1]' })).toBe('unknown');
  });
});

describe('a sweep', () => {
  it('should remove what lost its owner and spare what has one, or may have one', async () => {
    const orphan = writeRun('orphan0000', { ...me, startedAt: '1' });
    const living = writeRun('living0000', me);
    const distant = writeRun('distant000', { ...me, namespace: 'pid:[1]' });
    expect(await sweep([root])).toEqual({ removed: ['orphan0000'], spared: ['distant000', 'living0000'], stuck: [] });
    expect([orphan, living, distant].map((folder) => existsSync(folder))).toEqual([false, true, true]);
    expect(existsSync(join(root, 'orphan0000.lease'))).toBe(false);
  });

  it('should be harmless beside other sweeps', async () => {
    for (let i = 0; i < 5; i++) writeRun(`orphan000${i}`, { ...me, startedAt: '1' });
    await Promise.all([sweep([root]), sweep([root]), sweep([root])]);
    expect(await sweep([root])).toEqual({ removed: [], spared: [], stuck: [] });
  });

  it('should leave a lease that is just being written, and remove one that was cut short long ago', async () => {
    writeFileSync(join(root, 'young00000.lease'), '');
    writeFileSync(join(root, 'old0000000.lease'), '{"format":"palin');
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(join(root, 'old0000000.lease'), longAgo, longAgo);
    expect(await sweep([root])).toEqual({ removed: ['old0000000'], spared: ['young00000'], stuck: [] });
  });

  it('should never remove a folder that does not carry the name of the run', async () => {
    const precious = join(root, 'precious');
    mkdirSync(precious);
    const terms = {
      format: 'palindrome-lease/1',
      runId: 'orphan0000',
      owner: { ...me, startedAt: '1' },
      folders: [precious],
      container: null,
    };
    writeFileSync(join(root, 'orphan0000.lease'), JSON.stringify(terms));
    await sweep([root]);
    expect(existsSync(precious)).toBe(true);
  });

  it('should look at nothing in a place that does not exist', async () => {
    expect(await sweep([join(root, 'nowhere')])).toEqual({ removed: [], spared: [], stuck: [] });
  });
});

describe('a lease', () => {
  it('should refuse to be taken twice', async () => {
    const things = { folders: [join(root, 'twice00000')], container: null };
    const lease = await takeLease(root, 'twice00000', things);
    await expect(takeLease(root, 'twice00000', things)).rejects.toMatchObject({ code: 'EEXIST' });
    await lease.release();
    expect(existsSync(join(root, 'twice00000.lease'))).toBe(false);
  });

  it('should remove folders with any characters in their names', async () => {
    const folder = join(root, `it's "odd" $HOME * \n named0000`);
    const lease = await takeLease(root, 'named0000', { folders: [folder], container: null });
    mkdirSync(join(folder, 'data'), { recursive: true });
    expect(await lease.abandon()).toBe(true);
    expect(existsSync(folder)).toBe(false);
  });
});
