/**
 * A server that does not answer any more, while its address still takes what is sent: a network that drops packets, a machine that sleeps.
 * The server's own time limits say nothing then, and TCP waits for a quarter of an hour.
 */
import type { Client } from 'pg';

/**
 * From now on the session ends, with an error for whoever waits, when a query has been waiting and nothing has come from the server for
 * `limitMs`. What is sent as an object of its own (`sendGuarded`) is not watched.
 */
export function watchSilence(client: Client, limitMs: number): void {
  const send: (...parameters: readonly unknown[]) => unknown = client.query.bind(client);
  const { stream } = client.connection;
  let waiting = 0;
  let heard = 0;
  let timer: NodeJS.Timeout | undefined;
  stream.on('data', () => (heard = performance.now()));
  const look = (): void => {
    const left = heard + limitMs - performance.now();
    if (left <= 0) stream.destroy(new Error(`no answer for ${limitMs / 1000} s`));
    else timer = setTimeout(look, left + 1);
  };
  const begin = (): void => {
    if (++waiting > 1) return;
    heard = performance.now();
    timer = setTimeout(look, limitMs + 1);
  };
  const end = (): void => {
    if (--waiting === 0) clearTimeout(timer);
  };
  const query = (...parameters: readonly unknown[]): unknown => {
    const answer = send(...parameters);
    if (!(answer instanceof Promise)) return answer;
    begin();
    answer.then(end, end);
    return answer;
  };
  Object.assign(client, { query });
}
