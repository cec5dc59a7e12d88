// A figure as a file: its words, where it comes from and the stamp of simulated data are part of the picture.

const SCALE = 3; // pixels of a PNG per pixel of the screen
const EDGE = 24;
const LEAST = 760; // width of a picture, px
const INK = "#1A1D21", MUTED = "#5B6470", STAMP = "#9A4B00";
const SIZES = { title: 20, subtitle: 14, small: 12 };
const FAMILY = "Inter, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', system-ui, sans-serif";

export async function save(Plotly, figure, width, words, format, name) {
  const svg = await composed(Plotly, figure, Math.max(width, LEAST), words);
  const blob = format === "svg" ? new Blob([svg.text], { type: "image/svg+xml" }) : await painted(svg);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

async function composed(Plotly, figure, width, words) {
  const inner = width - 2 * EDGE;
  const height = figure.layout.height ?? 450;
  const layout = { ...figure.layout, width: inner, height, autosize: false };
  const wish = { format: "svg", width: inner, height, imageDataOnly: true };
  const drawn = await Plotly.toImage({ data: figure.data, layout }, wish);
  const head = [
    ...lines(words.stamp, SIZES.subtitle, inner, STAMP, 700),
    ...lines(words.title, SIZES.title, inner, INK, 600),
    ...lines(words.subtitle, SIZES.subtitle, inner, MUTED),
  ];
  const foot = [
    ...lines(words.footnote, SIZES.small, inner, MUTED),
    ...lines(words.provenance, SIZES.small, inner, MUTED),
  ];
  const top = EDGE + tall(head) + 8;
  const bottom = top + height + 8;
  const all = bottom + tall(foot) + EDGE;
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${all}" viewBox="0 0 ${width} ${all}" `
    + `role="img"><title>${safe(words.title)}</title><desc>${safe(words.alt)}</desc>`
    + `<rect width="100%" height="100%" fill="#FFFFFF"/>${written(head, EDGE)}`
    + `<g transform="translate(${EDGE} ${top})">${drawn}</g>${written(foot, bottom)}</svg>`;
  return { text, width, height: all };
}

// Break a text to a width: between words, and between any two Chinese characters but not before punctuation.
export function lines(text, size, width, colour, weight = 400) {
  if (!text) return [];
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${weight} ${size}px ${FAMILY}`;
  const out = [];
  for (const paragraph of text.split("\n")) {
    let line = "";
    for (const part of paragraph.match(/[⺀-鿿豈-﫿][，。；：、！？）」』”]*|[^\s⺀-鿿豈-﫿]+|\s+/gu) ?? []) {
      if (line && pen.measureText(line + part.trimEnd()).width > width) {
        out.push(line.trimEnd());
        line = part.trimStart();
      } else line += part;
    }
    if (line.trim()) out.push(line.trimEnd());
  }
  return out.map((words) => ({ words, size, colour, weight }));
}

const pitch = (line) => Math.round(line.size * 1.45);
const tall = (all) => all.reduce((sum, line) => sum + pitch(line), 0);

function written(all, top) {
  let y = top;
  return all.map((line) => {
    y += pitch(line);
    return `<text x="${EDGE}" y="${y - Math.round(line.size * 0.4)}" font-family="${safe(FAMILY)}" font-size="${line.size}" `
      + `font-weight="${line.weight}" fill="${line.colour}">${safe(line.words)}</text>`;
  }).join("");
}

function safe(text) {
  return String(text).replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);
}

async function painted(svg) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([svg.text], { type: "image/svg+xml" }));
  try {
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [svg.width * SCALE, svg.height * SCALE];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((done, failed) =>
      canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error("no picture"))), "image/png"));
  } finally {
    URL.revokeObjectURL(image.src);
  }
}
