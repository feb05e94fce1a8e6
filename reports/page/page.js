// @ts-check
// Moves, filters and copies; everything that is read was rendered before. Texts of the report are only ever set as text.
(() => {
  'use strict';

  /**
   * @typedef {[property: number, outcome: number, clause: string, cases: number, rows: number, discarded: number, reason: number, failure: number, notes: number[]]} Result
   * @typedef {[set: number, name: string, up: string, down: string | null, upSha: string, downSha: string | null, ms: number, results: Result[]]} Migration
   * @typedef {{ properties: string[], outcomes: string[], signs: string[], strings: string[], migrations: Migration[], sets: string[] }} Data
   */

  /** @param {string} id */
  const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
  /** @type {Data} */
  const data = JSON.parse(byId('data').textContent ?? '');
  const overview = byId('overview');
  const detail = byId('detail');
  const filter = /** @type {HTMLInputElement} */ (byId('filter'));
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.row[data-m]')]);
  const chips = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('.chip')]);
  const title = document.title;
  /** The cell from which a view was opened. @type {HTMLElement | null} */
  let cameFrom = null;

  /** @param {HTMLElement} row */
  const migrationOf = (row) => /** @type {Migration} */ (data.migrations[Number(row.dataset.m)]);
  /** @param {string} name @param {string} [text] @param {string} [className] */
  const element = (name, text = '', className = '') => {
    const made = document.createElement(name);
    if (text !== '') made.textContent = text;
    if (className !== '') made.className = className;
    return made;
  };
  /** @param {number} ms */
  const duration = (ms) => (ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`);

  // --- theme -------------------------------------------------------------------------------------------------------
  const theme = byId('theme');
  const themes = ['system', 'light', 'dark'];
  /** @param {string} wanted */
  const setTheme = (wanted) => {
    if (wanted === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = wanted;
    theme.textContent = `theme: ${wanted}`;
    try {
      localStorage.setItem('palindrome-theme', wanted);
    } catch {
      // Some browsers keep nothing for files.
    }
  };
  let stored = 'system';
  try {
    stored = localStorage.getItem('palindrome-theme') ?? 'system';
  } catch {
    stored = 'system';
  }
  setTheme(themes.includes(stored) ? stored : 'system');
  theme.hidden = false;
  theme.addEventListener('click', () => {
    const now = document.documentElement.dataset.theme ?? 'system';
    setTheme(themes[(themes.indexOf(now) + 1) % themes.length] ?? 'system');
  });

  // --- filter ------------------------------------------------------------------------------------------------------
  /** @type {string[] | null} */
  let texts = null;
  /** What a filter looks at: built when it is first asked for. */
  const searchTexts = () =>
    (texts ??= data.migrations.map(([set, name, , , , , , results]) =>
      [
        data.sets[set],
        name,
        ...results.map(([property, outcome, clause, , , , reason]) =>
          data.outcomes[outcome] === 'held'
            ? data.properties[property]
            : `${data.properties[property]}/${clause} ${data.outcomes[outcome]} ${data.strings[reason]}`,
        ),
      ]
        .join(' ')
        .toLowerCase(),
    ));

  const applyFilter = () => {
    const words = filter.value.toLowerCase().split(/\s+/u).filter(Boolean);
    const wanted = chips.filter((chip) => chip.ariaPressed === 'true').map((chip) => chip.dataset.outcome ?? '');
    const outcomes = new Set(wanted.map((outcome) => data.outcomes.indexOf(outcome)));
    const isFree = words.length === 0 && outcomes.size === 0;
    const all = isFree ? [] : searchTexts();
    let shown = 0;
    for (const row of rows) {
      const at = Number(row.dataset.m);
      const fits =
        isFree ||
        (words.every((word) => all[at]?.includes(word)) &&
          (outcomes.size === 0 || migrationOf(row)[7].some(([, outcome]) => outcomes.has(outcome))));
      if (row.hidden === fits) row.hidden = !fits;
      if (fits) shown++;
    }
    byId('shown').textContent = isFree ? '' : `${shown} of ${rows.length}`;
    byId('empty').hidden = shown > 0;
  };
  byId('filters').hidden = false;
  filter.addEventListener('input', applyFilter);
  for (const chip of chips)
    chip.addEventListener('click', () => {
      chip.ariaPressed = String(chip.ariaPressed !== 'true');
      applyFilter();
    });

  // --- matrix ------------------------------------------------------------------------------------------------------
  /** @param {Element} row */
  const cellsOf = (row) => /** @type {HTMLElement[]} */ ([...row.children]);
  /** The element of a cell that takes the focus. @param {HTMLElement} cell */
  const targetOf = (cell) => (cell.tagName === 'I' ? cell : /** @type {HTMLElement} */ (cell.firstElementChild));
  /** The one cell of each matrix that Tab reaches. @type {WeakMap<Element, HTMLElement>} */
  const current = new WeakMap();

  /** @param {HTMLElement} target */
  const makeCurrent = (target) => {
    const matrix = /** @type {Element} */ (target.closest('.matrix'));
    const before = current.get(matrix);
    if (before !== undefined) before.tabIndex = -1;
    target.tabIndex = 0;
    current.set(matrix, target);
  };
  for (const matrix of document.querySelectorAll('.matrix')) {
    const first = matrix.querySelector('.row[data-m] .name a');
    if (first instanceof HTMLElement) makeCurrent(first);
  }

  /** @param {HTMLElement} row @param {number} column */
  const wordsOf = (row, column) => {
    const [, name, , , , , ms, results] = migrationOf(row);
    if (column === 0) return `${name}: ${results.length} results in ${duration(ms)}`;
    const own = results.filter(([property]) => property === column - 1);
    if (own.length === 0) return `${data.properties[column - 1]}: was not asked of ${name}`;
    return own
      .map(
        ([property, outcome, clause, cases, count, , reason]) =>
          `${data.properties[property]}${clause === '' ? '' : `/${clause}`} of ${name}: ${data.outcomes[outcome]}. ${data.strings[reason]} (${cases} cases, ${count} rows)`,
      )
      .join(' · ');
  };

  overview.addEventListener('focusin', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const cell = /** @type {HTMLElement | null} */ (target.closest('.row[data-m] > *'));
    detail.hidden = cell === null;
    if (cell === null) return;
    const row = /** @type {HTMLElement} */ (cell.parentElement);
    const words = wordsOf(row, cellsOf(row).indexOf(cell));
    detail.textContent = words;
    if (cell.tagName === 'I') cell.ariaLabel = words;
    makeCurrent(targetOf(cell));
  });
  overview.addEventListener('click', (event) => {
    const cell = /** @type {HTMLElement} */ (event.target).closest('i[role=gridcell]');
    if (cell instanceof HTMLElement && cell.dataset.f === undefined) cell.focus();
  });

  /** @param {HTMLElement} cell @param {KeyboardEvent} event */
  const moveFrom = (cell, event) => {
    const row = /** @type {HTMLElement} */ (cell.parentElement);
    const column = cellsOf(row).indexOf(cell);
    const visible = rows.filter((other) => !other.hidden && other.closest('.matrix') === row.closest('.matrix'));
    const at = visible.indexOf(row);
    const last = cellsOf(row).length - 1;
    /** @type {Record<string, [number, number]>} */
    const moves = {
      ArrowUp: [at - 1, column],
      ArrowDown: [at + 1, column],
      ArrowLeft: [at, column - 1],
      ArrowRight: [at, column + 1],
      PageUp: [Math.max(0, at - 15), column],
      PageDown: [Math.min(visible.length - 1, at + 15), column],
      Home: [event.ctrlKey ? 0 : at, 0],
      End: [event.ctrlKey ? visible.length - 1 : at, last],
    };
    const move = moves[event.key];
    const next = move === undefined ? undefined : visible[move[0]];
    const target = next === undefined || move === undefined ? undefined : cellsOf(next)[move[1]];
    if (move === undefined) return false;
    if (target !== undefined) {
      targetOf(target).focus();
      target.scrollIntoView({ block: 'nearest' });
    }
    return true;
  };

  // --- views -------------------------------------------------------------------------------------------------------
  /** @param {number} index */
  const fillMigration = (index) => {
    const view = byId('migration');
    const [set, name, up, down, upSha, downSha, ms, results] = /** @type {Migration} */ (data.migrations[index]);
    const nav = element('nav');
    nav.ariaLabel = 'Migration';
    const back = /** @type {HTMLAnchorElement} */ (element('a', '← overview', 'back'));
    back.href = '#overview';
    nav.append(back, element('span', data.sets[set]));
    const heading = element('h2', name);
    heading.id = 'migration-title';
    heading.tabIndex = -1;
    const facts = element(
      'p',
      `${up} (${upSha.slice(0, 12)}) · ${down === null ? 'no down' : `${down} (${downSha?.slice(0, 12)})`} · ${duration(ms)}`,
      'dim',
    );
    const scroll = element('div', '', 'scroll');
    scroll.tabIndex = 0;
    scroll.role = 'region';
    scroll.ariaLabel = 'results';
    const table = element('table');
    const head = element('tr');
    for (const text of ['', 'property', 'verdict', 'cases', 'rows', 'why']) {
      const cell = element(text === '' ? 'td' : 'th', text);
      if (text !== '') cell.setAttribute('scope', 'col');
      head.append(cell);
    }
    table.append(head);
    for (const [property, outcome, clause, cases, count, , reason, failure, notes] of results) {
      const line = element('tr');
      const why = element('td', data.strings[reason]);
      for (const note of notes) why.append(element('br'), element('small', data.strings[note]));
      const law = element('td');
      const words = `${data.properties[property]}${clause === '' ? '' : `/${clause}`}`;
      if (failure > 0) {
        const link = /** @type {HTMLAnchorElement} */ (element('a', words));
        link.href = `#f${failure}`;
        law.append(link);
      } else law.textContent = words;
      line.append(
        element('td', data.signs[outcome], data.outcomes[outcome]),
        law,
        element('td', data.outcomes[outcome], data.outcomes[outcome]),
        element('td', String(cases), 'num'),
        element('td', String(count), 'num'),
        why,
      );
      table.append(line);
    }
    scroll.append(table);
    view.replaceChildren(nav, heading, facts, scroll);
    return view;
  };

  /** @type {HTMLElement} */
  let open = overview;
  let scrolled = 0;
  /** Shows what the address says. */
  const show = () => {
    const hash = location.hash.slice(1);
    const migration = /^m(\d+)$/u.exec(hash);
    const found =
      migration !== null && Number(migration[1]) < data.migrations.length
        ? fillMigration(Number(migration[1]))
        : document.getElementById(hash);
    const view = found !== null && found.classList.contains('view') ? found : overview;
    if (view === open && view === overview) return;
    if (open === overview) scrolled = scrollY;
    for (const other of document.querySelectorAll('.view:not([hidden])'))
      /** @type {HTMLElement} */ (other).hidden = true;
    view.hidden = false;
    detail.hidden = true;
    open = view;
    if (view === overview) {
      document.title = title;
      scrollTo(0, scrolled);
      cameFrom?.focus({ preventScroll: true });
      return;
    }
    scrollTo(0, 0);
    const heading = /** @type {HTMLElement} */ (view.querySelector('h2'));
    document.title = `${heading.textContent} · Palindrome`;
    heading.focus({ preventScroll: true });
  };
  addEventListener('hashchange', show);
  overview.addEventListener('click', (event) => {
    const link = /** @type {HTMLElement} */ (event.target).closest('a');
    if (link !== null) cameFrom = link;
  });

  // --- copying -----------------------------------------------------------------------------------------------------
  /** @param {HTMLElement} button */
  const copyFrom = async (button) => {
    const source = /** @type {HTMLElement} */ (button.previousElementSibling);
    let isCopied = true;
    try {
      await navigator.clipboard.writeText(source.textContent ?? '');
    } catch {
      getSelection()?.selectAllChildren(source);
      isCopied = document.execCommand('copy');
    }
    button.textContent = isCopied ? 'copied' : 'press Ctrl-C';
    setTimeout(() => (button.textContent = 'copy'), 1500);
  };
  document.addEventListener('click', (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.classList.contains('copy')) void copyFrom(target);
  });

  // --- keys --------------------------------------------------------------------------------------------------------
  document.addEventListener('keydown', (event) => {
    if (event.altKey || event.metaKey) return;
    const target = /** @type {HTMLElement} */ (event.target);
    const isTyping = target === filter;
    if (event.key === 'Escape') {
      if (open !== overview) location.hash = 'overview';
      else if (isTyping || filter.value !== '' || chips.some((chip) => chip.ariaPressed === 'true')) {
        filter.value = '';
        for (const chip of chips) chip.ariaPressed = 'false';
        applyFilter();
        if (isTyping) filter.blur();
      } else return;
      event.preventDefault();
      return;
    }
    if (isTyping) {
      const first = rows.find((row) => !row.hidden);
      if ((event.key === 'Enter' || event.key === 'ArrowDown') && first !== undefined) {
        /** @type {HTMLElement} */ (first.querySelector('.name a')).focus();
        event.preventDefault();
      }
      return;
    }
    const cell = /** @type {HTMLElement | null} */ (target.closest('.row[data-m] > *'));
    if (cell !== null && moveFrom(cell, event)) {
      event.preventDefault();
      return;
    }
    if (event.ctrlKey) return;
    if (event.key === 'Enter' && cell !== null && cell.tagName === 'I') {
      cameFrom = cell;
      location.hash = cell.dataset.f === undefined ? `m${cell.parentElement?.dataset.m}` : `f${cell.dataset.f}`;
      event.preventDefault();
    } else if (event.key === '/') {
      // At once where it can be: what is typed next belongs to the filter.
      if (open === overview) filter.focus();
      else {
        addEventListener('hashchange', () => filter.focus(), { once: true });
        location.hash = 'overview';
      }
      event.preventDefault();
    } else if (event.key === 'n' || event.key === 'p') {
      const link = open.querySelector(event.key === 'n' ? 'nav a[rel=next]' : 'nav a[rel=previous]');
      if (link instanceof HTMLAnchorElement) location.hash = link.hash;
      else if (open === overview && event.key === 'n') {
        const first = document.getElementById('f1');
        if (first !== null) location.hash = 'f1';
      }
    } else if (event.key === 'c') {
      const button = open.querySelector('.copy');
      if (button instanceof HTMLElement) void copyFrom(button);
    }
  });
  show();
})();
