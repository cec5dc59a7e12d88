// The rows of a table on a slide, in one block or in several beside each other.

const SHORT = 8, LONG = 28; // letters of a cell whose words stand in one line, and of one where they need not

/** Return what puts the rows from `first` to before `last` into a room, in so many blocks. */
export function filler(room, { columns, data, numbers, more }) {
  return (blocks, first, last) => {
    const each = Math.ceil((last - first) / blocks) || 1;
    const beside = make("div", "saa-blocks");
    for (let i = 0; i < blocks; i++) {
      const from = first + i * each;
      beside.append(block(columns, data.slice(from, Math.min(last, from + each)), numbers));
    }
    room.replaceChildren(beside);
    if (more && last === data.length) make("p", "saa-more", room).textContent = more;
  };
}

function block(columns, rows, numbers) {
  const kind = (i, text) => `${numbers[i] ? "saa-number" : ""} ${text.length > LONG ? "saa-long" : ""}`.trim();
  const table = make("table");
  const head = make("tr", "", make("thead", "", table));
  columns.forEach((name, i) => (make("th", numbers[i] ? "saa-number" : "", head).textContent = joined(name)));
  const body = make("tbody", "", table);
  for (const row of rows) {
    const line = make("tr", "", body);
    row.forEach((cell, i) => (make("td", kind(i, cell), line).textContent = joined(cell)));
  }
  return table;
}

// What stands in brackets, "(3–56%)", "(day 56)", stays in one line, so does what stands before it, and a few letters.
function joined(text) {
  const line = (words) => words.replace(/–/g, "\u2060–\u2060").replace(/[ \u2002\u2003\u2009](?!\s*$)/g, "\u00a0");
  if (text.length <= SHORT) return line(text);
  return text.length > LONG || !/[(（]/.test(text) ? text : text.split(/(?=[(（])/).map(line).join("\u200b");
}

export function make(tag, name = "", parent = null, attributes = {}) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent?.append(node);
  return node;
}
