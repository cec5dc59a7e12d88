// The slides of a tray, over the whole window: light, large, moved through by keys, each drawn when it is come to.

import { program, styled } from "./program.js";

const BASE = { displayModeBar: false, displaylogo: false, doubleClick: "reset", showTips: false, locale: "en", responsive: false };
const LEAST_WIDTH = 640, HEIGHT = 450; // px of a figure before it is made larger
const LEAST_SCALE = 1, MOST_SCALE = 2.4;
const HOVER = 15; // px of a label at the pointer, before the figure is made larger
const LARGEST = 26, SMALLEST = 16; // px of the words in a table
const shows = new WeakMap();

export async function draw(component) {
  const { parentElement } = component;
  let show = shows.get(parentElement);
  if (!show) shows.set(parentElement, (show = new Show(parentElement)));
  await show.take(component);
  return () => setTimeout(() => show.leave(), 0);
}

class Show {
  constructor(parent) {
    styled("slides");
    this.parent = parent;
    this.build();
    this.onKey = (event) => this.pressed(event);
    this.observer = new ResizeObserver(() => this.fit());
    window.addEventListener("keydown", this.onKey, true);
    document.getElementById("root")?.setAttribute("inert", "");
    document.body.append(this.root);
    this.observer.observe(this.stage);
    this.root.focus({ preventScroll: true });
  }

  build() {
    const root = (this.root = make("div", "saa-slides", null, { role: "dialog", "aria-modal": "true", tabindex: "-1" }));
    const head = make("header", "saa-head", root);
    this.stamp = make("div", "saa-stamp", head);
    this.title = make("h1", "saa-title", head);
    this.subtitle = make("p", "saa-subtitle", head);
    this.stage = make("main", "saa-stage", root);
    this.plot = make("div", "saa-slide-plot", this.stage, { role: "img" });
    this.table = make("div", "saa-slide-table", this.stage, { tabindex: "0" });
    this.note = make("p", "saa-note", this.stage, { role: "status" });
    const foot = make("footer", "saa-foot", root);
    this.footnote = make("p", "saa-footnote", foot);
    this.origin = make("p", "saa-origin", foot);
    const bar = make("nav", "saa-bar", foot);
    this.buttons = {};
    for (const name of ["leave", "list", "menu", "full", "live", "previous"]) this.buttons[name] = button(name, bar);
    this.counter = make("span", "saa-counter", bar, { "aria-hidden": "true" });
    this.buttons.next = button("next", bar);
    this.said = make("div", "saa-hidden", root, { "aria-live": "polite" });
    this.contents = make("div", "saa-contents", root, { hidden: "" });
    this.buttons.previous.onclick = () => this.go(this.at - 1);
    this.buttons.next.onclick = () => this.go(this.at + 1);
    this.buttons.menu.onclick = () => this.menu();
    this.buttons.full.onclick = () => this.full();
    this.buttons.live.onclick = () => this.tell("live");
    this.buttons.leave.onclick = () => this.tell("leave");
    this.buttons.list.onclick = () => this.tell("list");
  }

  async take(component) {
    this.component = component;
    const text = new TextDecoder().decode(component.data);
    const end = text.indexOf("\n");
    const meta = JSON.parse(text.slice(0, end));
    if (meta.token === this.meta?.token) return;
    const moved = meta.go !== this.meta?.go;
    this.meta = meta;
    this.slides = JSON.parse(text.slice(end + 1));
    this.label();
    const kept = Number(this.kept() ?? 0);
    this.go(moved && meta.at !== null ? meta.at : this.at ?? kept, true);
    this.root.classList.remove("saa-busy");
  }

  label() {
    const { words, lang } = this.meta;
    this.root.lang = lang;
    this.root.setAttribute("aria-label", words.aria);
    const signs = { previous: "‹", next: "›" };
    for (const [name, node] of Object.entries(this.buttons)) {
      node.textContent = signs[name] ?? words[name];
      node.title = words[`${name}_help`] ?? words[name];
      node.setAttribute("aria-label", words[name]);
    }
    this.note.textContent = this.slides.length ? "" : words.empty;
  }

  // --- where one is -------------------------------------------------------------------------------------------------

  kept() {
    try {
      return sessionStorage.getItem(`saa-slide-${this.meta.tray}`);
    } catch {
      return null;
    }
  }

  keep() {
    try {
      sessionStorage.setItem(`saa-slide-${this.meta.tray}`, String(this.at));
    } catch { /* a browser that keeps nothing */ }
  }

  go(place, anew = false) {
    const at = Math.max(0, Math.min(place, this.slides.length - 1));
    if (at === this.at && !anew) return;
    this.at = at;
    this.keep();
    this.show();
  }

  show() {
    const slide = this.slides[this.at];
    const { words } = this.meta;
    this.buttons.previous.disabled = this.at <= 0;
    this.buttons.next.disabled = this.at >= this.slides.length - 1;
    this.buttons.live.disabled = !slide?.live;
    this.counter.textContent = slide ? `${this.at + 1} / ${this.slides.length}` : "";
    for (const name of ["title", "subtitle", "footnote", "origin", "stamp"]) {
      this[name].textContent = slide?.[name] ?? "";
      this[name].hidden = !slide?.[name];
    }
    this.said.textContent = slide ? `${this.at + 1} / ${this.slides.length}: ${slide.title}` : words.empty;
    this.plot.hidden = !slide?.figure;
    this.table.hidden = !slide?.table;
    this.root.classList.toggle("saa-only-words", !slide);
    this.fitted = this.room();
    if (slide?.table) this.rows(slide.table);
    if (slide?.figure) this.draw(slide);
  }

  rows({ columns, data, numbers, more }) {
    const table = make("table");
    const head = make("tr", "", make("thead", "", table));
    columns.forEach((name, i) => (make("th", numbers[i] ? "saa-number" : "", head).textContent = name));
    const body = make("tbody", "", table);
    for (const row of data) {
      const line = make("tr", "", body);
      row.forEach((cell, i) => (make("td", numbers[i] ? "saa-number" : "", line).textContent = cell));
    }
    this.table.replaceChildren(table);
    if (more) make("p", "saa-more", this.table).textContent = more;
    let size = LARGEST;
    do this.table.style.fontSize = `${size}px`;
    while (this.table.scrollHeight > this.table.clientHeight && --size >= SMALLEST);
    this.table.scrollTop = 0;
  }

  async draw(slide) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.plot.setAttribute("aria-label", slide.alt);
    this.plot.setAttribute("aria-busy", "true");
    try {
      const Plotly = (this.Plotly = await program());
      if (turn !== this.turn || !this.root.isConnected) return;
      const { width, height, scale } = this.size(slide);
      if (!width) return; // not laid out yet: the observer will tell
      Object.assign(this.plot.style, {
        width: `${width}px`, height: `${height}px`, transform: `scale(${scale})`,
        marginBottom: `${height * (scale - 1)}px`, marginRight: `${width * (scale - 1)}px`,
      });
      const hover = { ...slide.figure.layout.hoverlabel };
      hover.font = { ...hover.font, size: HOVER };
      const layout = { ...slide.figure.layout, width, height, autosize: false, hoverlabel: hover, uirevision: turn };
      Plotly.purge(this.plot);
      await Plotly.newPlot(this.plot, slide.figure.data, structuredClone(layout), BASE);
      this.note.textContent = "";
    } catch (error) {
      console.error(error);
      this.note.textContent = this.meta.words.broken;
    } finally {
      if (turn === this.turn) this.plot.removeAttribute("aria-busy");
    }
  }

  room() {
    return `${this.stage.clientWidth} ${this.stage.clientHeight}`;
  }

  // As large as the room allows, but never so large that a figure has less width than it was made for.
  size(slide) {
    const [wide, tall] = [this.stage.clientWidth, this.stage.clientHeight];
    const height = slide.figure.layout.height ?? HEIGHT;
    const scale = Math.max(LEAST_SCALE, Math.min(tall / height, wide / LEAST_WIDTH, MOST_SCALE));
    return { width: Math.floor(wide / scale), height, scale };
  }

  fit() {
    if (this.room() === this.fitted) return;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.slides?.length && this.show());
  }

  // --- what the speaker does ----------------------------------------------------------------------------------------

  pressed(event) {
    if (!this.root.isConnected || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable=true]")) return;
    const open = !this.contents.hidden;
    const onButton = event.target.closest?.("button") && (event.key === " " || event.key === "Enter");
    const deeds = {
      ArrowRight: () => this.go(this.at + 1), PageDown: () => this.go(this.at + 1), " ": () => this.go(this.at + 1),
      ArrowLeft: () => this.go(this.at - 1), PageUp: () => this.go(this.at - 1),
      Home: () => this.go(0), End: () => this.go(this.slides.length - 1),
      Escape: () => this.menu(), f: () => this.full(), F: () => this.full(),
    };
    if (open) {
      deeds.ArrowDown = () => this.step(1);
      deeds.ArrowUp = () => this.step(-1);
    }
    const deed = onButton ? null : deeds[event.key];
    if (!deed) return;
    deed();
    event.preventDefault();
    event.stopPropagation();
  }

  menu() {
    const { contents } = this;
    if (!contents.hidden) {
      contents.hidden = true;
      this.root.focus({ preventScroll: true });
      return;
    }
    const { words } = this.meta;
    contents.replaceChildren();
    make("h2", "", contents).textContent = words.menu.replace(/\s*[(（].*$/, "");
    this.slides.forEach((slide, i) => {
      const line = button("item", contents);
      line.textContent = `${i + 1}  ${slide.title}`;
      line.setAttribute("aria-current", String(i === this.at));
      line.onclick = () => {
        this.menu();
        this.go(i);
      };
    });
    make("p", "saa-keys", contents).textContent = words.keys;
    contents.hidden = false;
    (contents.querySelector('[aria-current="true"]') ?? contents.querySelector("button"))?.focus();
  }

  step(by) {
    const lines = [...this.contents.querySelectorAll("button")];
    const now = lines.indexOf(document.activeElement);
    lines[Math.max(0, Math.min(lines.length - 1, now + by))]?.focus();
  }

  full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen?.().catch(() => {});
  }

  tell(what) {
    this.root.classList.add("saa-busy");
    if (what === "leave" && document.fullscreenElement) document.exitFullscreen();
    this.component.setTriggerValue("deed", { what, at: this.at ?? 0 });
  }

  leave() {
    if (this.parent.isConnected) return; // only overtaken by a newer run
    window.removeEventListener("keydown", this.onKey, true);
    this.observer.disconnect();
    document.getElementById("root")?.removeAttribute("inert");
    this.Plotly?.purge(this.plot);
    this.root.remove();
    shows.delete(this.parent);
  }
}

function button(name, parent) {
  return make("button", `saa-${name}`, parent, { type: "button" });
}

function make(tag, name = "", parent = null, attributes = {}) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  parent?.append(node);
  return node;
}
