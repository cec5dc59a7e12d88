// How large a figure or a table can be so that all of it stands in its room and nothing in it overprints.

const HEIGHT = 450; // px of a figure that does not say
const USUAL_WIDTH = 1200, LEAST_WIDTH = 640; // px a figure is laid out for, before it is made larger or smaller
const MOST_SCALE = 2.6, STEP = 0.93, TALLER = 1.3;
const LETTERS = 12; // px of the smallest letters of a figure
const WANTED = 18, LEAST = 14; // px they have on a screen of 1440, and at least, there or on a smaller one
const BESIDE = 3, GAP = 2; // px between two texts on a line, and between two marks
const MARK = 12; // px of a mark that is to be told apart
const TURNED = /rotate\((?!0\D)/; // of a tick that has no room to lie
const TEXT = 1000; // how much worse a text that cannot be read is than two marks that touch
const MOST_PARTS = 4, ROWS = 8, SMALL = 13.5; // of a figure with so small letters: pages, rows of each at least

// Pixels of this screen for one of 1440×900.
export function unit() {
  return Math.min(innerWidth / 1440, innerHeight / 900);
}

// --- figures --------------------------------------------------------------------------------------------------------

/** Lay a figure out in a room; `lay(width, height, range)` draws it, with a part of its rows, into `plot`.
 *
 * Returns its pages, each with width, height and scale: one, unless it has so many rows that nobody could read them.
 */
export async function fitFigure(plot, layout, room, lay) {
  let pages = [];
  for (let parts = 1; parts <= MOST_PARTS; parts++) {
    const tried = split(layout, parts);
    if (!tried) break;
    pages = [];
    for (const page of tried) {
      const size = await fitted(plot, page.height, room, (width, height) => lay(width, height, page.range));
      pages.push({ ...page, ...size });
    }
    const enough = (parts > 1 ? LEAST : SMALL) * Math.max(1, unit());
    if (pages.every((page) => page.scale * LETTERS >= enough)) break;
  }
  return pages;
}

async function fitted(plot, height, [wide, tall], lay) {
  const whole = Math.min(tall / height, wide / LEAST_WIDTH, MOST_SCALE);
  const wanted = Math.max(LEAST, WANTED * unit()) / LETTERS;
  const least = Math.min(whole, wide / USUAL_WIDTH);
  await lay(USUAL_WIDTH, height);
  const usual = trouble(plot);
  let best = null;
  const read = (LEAST * Math.max(1, unit())) / LETTERS;
  const next = (scale) => Math.max(least, scale > read ? Math.max(read, scale * STEP) : scale * STEP);
  for (let scale = Math.max(whole, wanted); ; scale = next(scale)) {
    if (best && best.worse < TEXT && scale < read) break; // letters to read before gaps between marks
    const size = { scale, width: Math.floor(wide / scale), height: Math.floor(Math.min(tall / scale, height * TALLER)) };
    await lay(size.width, size.height);
    const found = trouble(plot);
    const worse = TEXT * Math.max(0, found.texts - usual.texts) + Math.max(0, found.marks - usual.marks);
    if (!best || worse < best.worse) best = { ...size, worse };
    if (!worse || scale <= least) break;
  }
  return best;
}

// The rows of a figure in so many parts, from the top; null where they cannot be told apart.
function split(layout, parts) {
  const height = layout.height ?? HEIGHT;
  if (parts === 1) return [{ height }];
  const axes = Object.keys(layout).filter((name) => /^yaxis\d*$/.test(name));
  const { range, tickvals } = layout.yaxis ?? {};
  const rows = Array.isArray(tickvals) ? [...tickvals].sort((a, b) => b - a) : [];
  if (axes.length !== 1 || !range || range[0] > range[1] || rows.length < parts * ROWS) return null;
  const around = (layout.margin?.t ?? 0) + (layout.margin?.b ?? 0);
  const first = (i) => Math.round((i * rows.length) / parts);
  const edge = (i) => (i === 0 ? range[1] : i === parts ? range[0] : (rows[first(i)] + rows[first(i) - 1]) / 2);
  return Array.from({ length: parts }, (_, i) => ({
    range: [edge(i + 1), edge(i)],
    rows: [first(i), first(i + 1), rows.length],
    height: around + ((height - around) * (edge(i) - edge(i + 1))) / (range[1] - range[0]),
  }));
}

// The number of texts cut off at the edge or printed over another one, and of marks without a gap between them.
function trouble(plot) {
  const svg = plot.querySelector(".main-svg");
  if (!svg) return { texts: 0, marks: 0 };
  const room = svg.getBoundingClientRect();
  const unit = room.width / svg.width.baseVal.value || 1;
  const { t, h } = plot._fullLayout._size;
  const hidden = (b) => (b.top + b.bottom) / 2 < room.top + t * unit || (b.top + b.bottom) / 2 > room.top + (t + h) * unit;
  const texts = boxes(plot.querySelectorAll(".main-svg text"), (node) => node.textContent.trim()).filter(
    (b) => !b.node.closest(".plot") || !hidden(b) // of rows on another page
  );
  const marks = boxes(plot.querySelectorAll(".scatterlayer .point"), () => true).filter((b) => b.width >= MARK * unit);
  const cut = texts.filter(
    (b) => b.left < room.left - 1 || b.right > room.right + 1 || b.top < room.top - 1 || b.bottom > room.bottom + 1
  );
  const turned = [...plot.querySelectorAll(".xtick text")].filter((node) => TURNED.test(node.getAttribute("transform")));
  return {
    texts: cut.length + pairs(texts, BESIDE * unit, (height) => height / 8),
    marks: pairs(marks, GAP * unit, () => unit) + turned.length,
  };
}

function boxes(nodes, counts) {
  const box = (node) => {
    const { left, right, top, bottom, width, height } = node.getBoundingClientRect();
    return { node, left, right, top, bottom, width, height };
  };
  return [...nodes].filter(counts).map(box).filter((b) => b.width && b.height);
}

// Those closer than `beside` from left to right and deeper in each other than `deepest` of the smaller one.
function pairs(found, beside, deepest) {
  const sorted = [...found].sort((a, b) => a.top - b.top);
  let n = 0;
  sorted.forEach((a, i) => {
    for (let j = i + 1; j < sorted.length; j++) {
      const b = sorted[j];
      const deep = Math.min(a.bottom, b.bottom) - b.top;
      if (deep <= 0) break;
      if (deep > deepest(Math.min(a.height, b.height)) && Math.min(a.right, b.right) - Math.max(a.left, b.left) > -beside) n += 1;
    }
  });
  return n;
}

// --- tables ---------------------------------------------------------------------------------------------------------

const LARGEST = 28, ON_PAGES = 18; // px of the words in a table on a screen of 1440
const WORTH = 1.2; // how much larger letters have to become before the brackets of a cell have a line of their own
const MOST_BLOCKS = 3, FEW_ROWS = 5; // beside each other; rows of a block

/** Show the rows of a table as large as its room allows; returns its pages, with the rows of each if there are more. */
export function fitTable(room, rows, fill) {
  const [largest, paged] = [LARGEST, ON_PAGES].map((size) => Math.max(LEAST, Math.round(size * unit())));
  const put = (broken, size, blocks) => {
    room.classList.toggle("saa-broken", broken);
    room.style.fontSize = `${size}px`;
    fill(blocks, 0, rows);
    return { across: room.scrollWidth <= room.clientWidth, down: room.scrollHeight <= room.clientHeight };
  };
  const whole = (broken) => {
    for (let size = largest; size >= LEAST; size--) {
      for (let blocks = 1; blocks <= MOST_BLOCKS && (blocks === 1 || rows / blocks >= FEW_ROWS); blocks++) {
        const { across, down } = put(broken, size, blocks);
        if (across && down) return { broken, size, blocks };
        if (!across) break;
      }
    }
    return null;
  };
  const [plain, broken] = [whole(false), whole(true)];
  const best = !plain || broken?.size > WORTH * plain.size ? broken : plain;
  if (best) {
    put(best.broken, best.size, best.blocks);
    return [{}];
  }
  for (const inLines of [false, true]) {
    for (let size = paged; size >= LEAST; size--) {
      if (put(inLines, size, 1).across) return pages(room, rows);
    }
  }
  return pages(room, rows);
}

function pages(room, rows) {
  const lines = [...room.querySelectorAll("tbody tr")];
  const top = lines[0].offsetTop;
  const free = room.clientHeight - top - 2 * parseFloat(room.style.fontSize); // a line below tells where one is
  const found = [];
  for (let first = 0, next; first < rows; first = next) {
    next = first + 1;
    while (next < rows && lines[next].offsetTop + lines[next].offsetHeight - lines[first].offsetTop <= free) next++;
    found.push({ rows: [first, next, rows] });
  }
  return found;
}
