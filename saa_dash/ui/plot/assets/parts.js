// The pieces of the page around a figure: made once per figure, their words set at every run.

export function build(parent) {
  const root = make("div", "saa-figure", parent);
  const plot = make("div", "saa-plot", root, { role: "img", tabindex: "0" });
  const ring = make("div", "saa-ring", root, { hidden: "" });
  const reset = make("button", "saa-reset", root, { type: "button", hidden: "" });
  const state = make("div", "saa-state saa-waiting", root, { role: "status" });
  const tools = make("div", "saa-tools", root);
  const box = make("button", "saa-box", tools, { type: "button", "aria-pressed": "false" });
  const lasso = make("button", "saa-lasso", tools, { type: "button", "aria-pressed": "false" });
  make("span", "saa-space", tools);
  const collect = make("button", "saa-collect", tools, { type: "button" });
  const pictures = ["png", "svg"].map((format) =>
    make("button", `saa-${format}`, tools, { type: "button", "data-format": format }));
  const said = make("div", "saa-hidden", root, { "aria-live": "polite" });
  const hint = make("div", "saa-hidden", root, { id: `saa-hint-${Math.random().toString(36).slice(2)}` });
  plot.setAttribute("aria-describedby", hint.id);
  return { root, plot, ring, reset, state, tools, box, lasso, collect, pictures, said, hint };
}

export function label(parts, meta) {
  const { words } = meta;
  parts.plot.setAttribute("aria-label", meta.alt);
  parts.root.lang = meta.lang;
  parts.hint.textContent = meta.select ? words.keys_open : words.keys;
  put(parts.reset, words.reset);
  put(parts.box, words.box);
  put(parts.lasso, words.lasso);
  for (const button of parts.pictures) {
    put(button, `↓ ${button.dataset.format.toUpperCase()}`);
    button.title = words[button.dataset.format];
    button.setAttribute("aria-label", words[button.dataset.format]);
    button.hidden = !meta.pictures;
  }
  put(parts.collect, words.collect);
  parts.collect.title = words.collect_help;
  parts.collect.hidden = !meta.collect;
  parts.box.hidden = parts.lasso.hidden = !meta.box;
  parts.tools.style.display = meta.pictures || meta.box || meta.collect ? "" : "none";
  enlarge(parts, meta);
}

// Larger or smaller as a whole, labels under the pointer too: drawn at its own size, shown at another.
function enlarge({ plot, state }, { height, scale }) {
  plot.style.height = `${height}px`;
  state.style.height = `${height * scale}px`;
  plot.style.width = scale === 1 ? "" : `${100 / scale}%`;
  plot.style.transform = scale === 1 ? "" : `scale(${scale})`;
  plot.style.marginBottom = scale === 1 ? "" : `${height * (scale - 1)}px`;
}

export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function make(tag, name, parent, attributes = {}) {
  const node = document.createElement(tag);
  node.className = name;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent.appendChild(node);
  return node;
}
