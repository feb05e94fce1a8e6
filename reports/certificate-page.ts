/** A certificate as a page to read and to print: one file without scripts, from the certificate alone. What counts is the JSON beside it. */
import { type Certificate, type CertifiedSet, describeObligation } from '../harness/core/certificate.ts';
import { count } from '../harness/core/text.ts';
import { groupDigits, showDuration } from './fit.ts';
import { cspHash } from './page/assets.ts';
import { markup, Markup, when } from './page/markup.ts';

const STYLE = `
:root { color-scheme: light dark; --bg: light-dark(#fff, #111418); --text: light-dark(#1a1d21, #e4e7eb); --dim: light-dark(#56606b, #9aa4b0);
  --line: light-dark(#d5dae0, #2f363f); --good: light-dark(#17663a, #7bd88f); --bad: light-dark(#b3261e, #ff8f86); --open: light-dark(#7a4d00, #f2c066); }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; background: var(--bg); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1 { margin: 0; font-size: 1.7rem; } h2 { margin: 2rem 0 0.5rem; font-size: 1.15rem; } h3 { margin: 1.2rem 0 0.3rem; font-size: 1rem; }
p { margin: 0.3rem 0; } .dim { color: var(--dim); } .certified, .held { color: var(--good); } .refused, .falsified { color: var(--bad); } .inconclusive { color: var(--open); }
code { font: 0.85em/1.4 ui-monospace, Menlo, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; } th, td { padding: 0.25rem 0.6rem 0.25rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; } li { margin: 0.2rem 0; } .scroll { overflow-x: auto; }
@media print {
  :root { color-scheme: light; } body { max-width: none; padding: 0; font-size: 10pt; } h2, h3 { break-after: avoid; } tr, li { break-inside: avoid; }
  thead { display: table-header-group; } .scroll { overflow: visible; } @page { margin: 16mm; }
}
`;

/** The page. The same certificate gives the same text. `file`: the certificate as it is named for people. */
export function renderCertificatePage(certificate: Certificate, file: string): string {
  const { decision, reason, issuedAt, tool, run, sets, files, mutants, limits, digest, signature } = certificate;
  const policy = `default-src 'none'; style-src ${cspHash(STYLE)}; img-src data:; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta http-equiv="Content-Security-Policy" content="${policy}" />
<meta name="viewport" content="width=device-width, initial-scale=1" />
<meta name="color-scheme" content="light dark" />
<title>${decision} · Palindrome certificate</title>
<link rel="icon" href="data:," />
${new Markup(`<style>${STYLE}</style>`)}
</head>
<body>
<header>
<h1 class="${decision}">${decision === 'certified' ? '✓ Certified' : '✗ Refused'}</h1>
<p>${reason}</p>
<p class="dim">${issuedAt} · palindrome ${tool.version} · seed ${run.seed} · ${showDuration(run.durationMs)}</p>
</header>
<main>
<section aria-labelledby="hold"><h2 id="hold">Hold it against a checkout</h2>
<p><code>palindrome certify --check ${file}</code></p>
<p>SHA-256 of the content: <code>${digest}</code></p>
${signature === null ? markup`<p>Not signed: whoever can write the file can write another.</p>` : markup`<p>Signed (Ed25519): <code>${signature.value}</code></p>`}
</section>
${sets.map(setPart)}
<section aria-labelledby="mutants"><h2 id="mutants">Planted mistakes</h2>
${
  mutants === null
    ? markup`<p>None were planted.</p>`
    : markup`<p>${mutants.killed} of ${mutants.killed + mutants.survived} were caught${mutants.score === null ? '' : ` (${mutants.score} %)`}; ${mutants.survived} survived, ${mutants.equivalent} change nothing, ${mutants.stillborn} do not run, ${mutants.undecided} undecided, ${mutants.notRun} not run.</p>`
}</section>
<section aria-labelledby="waivers"><h2 id="waivers">Waivers</h2>${waivers(sets)}</section>
<section aria-labelledby="limits"><h2 id="limits">What was not checked</h2><ul>${limits.map((limit) => markup`<li>${limit}</li>`)}</ul></section>
<section aria-labelledby="files"><h2 id="files">${count(files.length, 'file')}</h2>
<div class="scroll" role="group" aria-label="files" tabindex="0"><table><thead><tr><th scope="col">file</th><th scope="col">SHA-256</th></tr></thead><tbody>
${files.map((each) => markup`<tr><td><code>${each.path}</code></td><td><code>${each.sha256}</code></td></tr>`)}
</tbody></table></div></section>
</main>
</body>
</html>
`.text;
}

function setPart({ name, path, dialect, engineVersion, provider, migrations, tables, coverage }: CertifiedSet): Markup {
  const empty = tables.filter(({ hadRows }) => !hadRows).map(({ table }) => table);
  return markup`<section><h2>${name} on ${dialect === 'postgres' ? 'PostgreSQL' : 'SQLite'} ${engineVersion}</h2>
<p class="dim">${path} · ${provider} · ${count(tables.length - empty.length, 'table')} filled${empty.length === 0 ? '' : `; never: ${empty.join(', ')}`}</p>
${migrations.map(
  (migration) => markup`<h3>${migration.name}</h3>
<div class="scroll" role="group" aria-label="verdicts of ${migration.name}" tabindex="0"><table><thead><tr><th scope="col">property</th><th scope="col">verdict</th><th scope="col" class="n">cases</th><th scope="col" class="n">rows</th><th scope="col">why</th></tr></thead><tbody>
${migration.results.map(
  ({ property, clause, verdict, cases, rows, reason, accepted }) =>
    markup`<tr><td>${property}${clause === null ? '' : `/${clause}`}</td><td class="${verdict}">${verdict}${accepted === null ? '' : ', accepted'}</td><td class="n">${groupDigits(cases)}</td><td class="n">${groupDigits(rows)}</td><td>${reason}</td></tr>`,
)}
</tbody></table></div>`,
)}
${coveragePart(coverage)}</section>`;
}

/** What the data came by, and by name what it did not: a number alone would hide it. */
function coveragePart({ met, obligations }: CertifiedSet['coverage']): Markup {
  const missed = obligations.filter(({ isMet }) => !isMet);
  return markup`<h3>Coverage</h3>
<p>${met} of ${count(obligations.length, 'obligation')} met: columns seen NULL, at the bounds of their type, finer than a millisecond; rows with a parent; constraints that refused a row.</p>
${when(missed.length > 0, () => markup`<p>Not met:</p><ul>${missed.map((each) => markup`<li>${describeObligation(each)}</li>`)}</ul>`)}`;
}

function waivers(sets: readonly CertifiedSet[]): Markup {
  const all = sets.flatMap((set) => set.waivers.map((waiver) => ({ set, waiver })));
  return markup`${when(all.length === 0, () => markup`<p>There are none.</p>`)}<ul>${all.map(
    ({ set, waiver }) =>
      markup`<li>${set.name}, ${waiver.migration}: ${waiver.property}, ${waiver.status}: ${waiver.reason}</li>`,
  )}</ul>`;
}
