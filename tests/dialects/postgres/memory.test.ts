import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { Template } from '../../../harness/core/dialect.ts';
import { LIMITS, openCluster, script, startServer } from './support.ts';

const LENGTH = 5;

/** Collects all garbage now. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

it('should keep nothing of templates that were dropped, however many came one from another', async () => {
  await using server = await startServer();
  await using cluster = await openCluster(server);
  const dropped: WeakRef<Template>[] = [];
  let template: Template | null = null;
  for (let at = 0; at < LENGTH; at++) {
    const database = await (template === null ? cluster.create() : cluster.create(template));
    await database.execute(script('implicit', `CREATE TABLE t${at} (id int)`), LIMITS);
    const next: Template = await cluster.freeze(database, `key ${at}`);
    if (template !== null) dropped.push(new WeakRef(template));
    await template?.[Symbol.asyncDispose]();
    template = next;
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  collectGarbage();
  // The last one dropped may still be held by a variable of the loop.
  expect(dropped.slice(0, -1).map((one) => one.deref()?.key)).toEqual(Array(LENGTH - 2).fill(undefined));
});
