/** Running a project's own tool. */
import { execFile } from 'node:child_process';

const LIMIT_MS = 60_000;

export type ToolOutcome =
  | { readonly status: 'printed'; readonly text: string; readonly complaint: string }
  | { readonly status: 'failed'; readonly message: string };

/** Runs a Node.js script to its end and gives what it printed. */
export async function runTool(script: string, args: readonly string[], cwd: string): Promise<ToolOutcome> {
  return new Promise((resolve) => {
    const options = { cwd, timeout: LIMIT_MS, maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
      if (error === null) resolve({ status: 'printed', text: stdout, complaint: stderr.trim() });
      else resolve({ status: 'failed', message: `${stderr}\n${stdout}`.trim() || error.message });
    });
  });
}
