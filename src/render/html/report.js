// SPDX-License-Identifier: MIT
// Sorts and filters the table of all devices. Without it, the table stands as it was written: worst first.
'use strict';
(() => {
  const table = document.querySelector('#all-devices table');
  const tools = document.querySelector('#all-devices .tools');
  if (!table || !tools) {
    return;
  }
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const units = { s: 1, m: 60, h: 3600, d: 86400 };

  // "1,204" and "3d04h" as numbers; an empty cell is 0; null for words.
  const number = (text) => {
    if (text === '' || text === '-') {
      return text === '' ? 0 : -1;
    }
    if (/^[\d,]+$/.test(text)) {
      return Number(text.replace(/,/g, ''));
    }
    if (/^(\d+[dhms])+$/.test(text)) {
      return text.match(/\d+[dhms]/g).reduce((sum, part) => sum + parseInt(part, 10) * units[part.slice(-1)], 0);
    }
    return null;
  };

  const sort = (column, direction) => {
    const numeric = table.tHead.rows[0].cells[column].classList.contains('n');
    const keyed = rows.map((row, index) => {
      const text = row.cells[column].textContent;
      return { row, index, key: numeric ? number(text) : text.toLowerCase() };
    });
    keyed.sort((a, b) => (a.key < b.key ? -direction : a.key > b.key ? direction : a.index - b.index));
    body.append(...keyed.map((item) => item.row));
  };

  Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = head.textContent;
    head.textContent = '';
    head.append(button);
    button.addEventListener('click', () => {
      const numeric = head.classList.contains('n');
      const was = head.getAttribute('aria-sort');
      const descending = was === null ? numeric : was === 'ascending';
      for (const other of table.tHead.rows[0].cells) {
        other.removeAttribute('aria-sort');
      }
      head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      sort(column, descending ? -1 : 1);
    });
  });

  const label = document.createElement('label');
  const input = document.createElement('input');
  const output = document.createElement('output');
  input.type = 'search';
  input.placeholder = 'device, cause, pattern ...';
  label.append('Filter ', input);
  tools.append(label, output);
  const texts = rows.map((row) => Array.from(row.cells, (cell) => cell.title || cell.textContent).join(' ').toLowerCase());
  const filter = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      const match = words.every((word) => texts[index].includes(word));
      row.hidden = !match;
      shown += match ? 1 : 0;
    });
    output.textContent = words.length > 0 ? `${shown.toLocaleString('en')} of ${rows.length.toLocaleString('en')} rows` : '';
  };
  input.addEventListener('input', filter);
})();
