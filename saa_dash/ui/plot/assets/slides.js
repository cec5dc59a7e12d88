// The slides of a tray, over the whole window: light, large, moved through by keys, each drawn when it is come to.

import { fitFigure, fitTable } from "./fit.js";
import { program, styled } from "./program.js";
import { filler, make } from "./rows.js";

const BASE = { displayModeBar: false, displaylogo: false, doubleClick: "reset", showTips: false, locale: "en", responsive: false };
const HOVER = 15; // px of a label at the pointer, before the figure is made larger
const MOST_LINES = 2; // of a title, before its letters are made smaller
const MOST_FOOT = 0.28; // of the window, before the letters of what stands below are
const OVERTAKEN = Symbol("another slide was asked for");
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
    const foot = (this.foot = make("footer", "saa-foot", root));
    this.footnote = make("p", "saa-footnote", foot);
    this.origin = make("p", "saa-origin", foot);
    const bar = make("nav", "saa-bar", foot);
    this.buttons = {};
    for (const name of ["leave", "list", "menu", "full", "live", "previous"]) this.buttons[name] = button(name, bar);
    this.part = make("span", "saa-part", bar);
    this.counter = make("span", "saa-counter", bar, { "aria-hidden": "true" });
    this.buttons.next = button("next", bar);
    this.said = make("div", "saa-hidden", root, { "aria-live": "polite" });
    this.contents = make("div", "saa-contents", root, { hidden: "" });
    this.buttons.previous.onclick = () => this.move(-1);
    this.buttons.next.onclick = () => this.move(1);
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

  go(place, anew = false, last = false) {
    const at = Math.max(0, Math.min(place, this.slides.length - 1));
    if (at === this.at && !anew) return;
    [this.at, this.page] = [at, last ? Infinity : 0];
    this.keep();
    this.show();
  }

  // To the next page of a table, or to the next slide.
  move(by) {
    const page = this.page + by;
    if (page < 0 || page >= this.pages.length) this.go(this.at + by, false, by < 0);
    else {
      this.page = page;
      this.show();
    }
  }

  show() {
    const slide = this.slides[this.at];
    const { words } = this.meta;
    this.buttons.live.disabled = !slide?.live;
    this.counter.textContent = slide ? `${this.at + 1} / ${this.slides.length}` : "";
    for (const name of ["title", "subtitle", "footnote", "origin", "stamp"]) {
      this[name].textContent = slide?.[name] ?? "";
      this[name].hidden = !slide?.[name];
    }
    this.said.textContent = slide ? `${this.at + 1} / ${this.slides.length}: ${slide.title}` : words.empty;
    this.plot.hidden = !slide?.figure;
    this.table.hidden = !slide?.table;
    this.letters();
    this.fitted = this.room();
    this.pages = [null];
    if (slide?.table) {
      this.rows(slide.table);
      this.page = Math.min(this.page, this.pages.length - 1);
      this.rows(slide.table, this.pages[this.page]);
    }
    this.paged();
    if (slide?.figure) this.draw(slide);
  }

  // Say which of the pages that this slide has in this room is shown.
  paged() {
    const last = this.pages.length - 1;
    this.buttons.previous.disabled = this.at <= 0 && !this.page;
    this.buttons.next.disabled = this.at >= this.slides.length - 1 && this.page >= last;
    const shown = this.pages[this.page]?.rows;
    const [first, end, total] = shown ?? [];
    const { part } = this.meta.words;
    this.part.textContent = shown ? part.replace("{first}", first + 1).replace("{last}", end).replace("{total}", total) : "";
  }

  // Title and footnote have their room first; long ones have smaller letters.
  letters() {
    const { title, root, foot } = this;
    root.classList.remove("saa-long-title", "saa-long-foot");
    const line = parseFloat(getComputedStyle(title).lineHeight);
    root.classList.toggle("saa-long-title", title.offsetHeight > (MOST_LINES + 0.5) * line);
    root.classList.toggle("saa-long-foot", foot.offsetHeight > MOST_FOOT * root.offsetHeight);
  }

  // All rows as large as they fit, or those of one page.
  rows(table, page = null) {
    const fill = filler(this.table, table);
    if (!page) this.pages = fitTable(this.table, table.data.length, fill);
    else if (this.pages.length > 1) fill(1, ...page.rows);
    this.table.scrollTop = 0;
  }

  async draw(slide) {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.plot.setAttribute("aria-label", slide.alt);
    this.plot.setAttribute("aria-busy", "true");
    try {
      const Plotly = (this.Plotly = await program());
      if (turn !== this.turn || !this.root.isConnected) return;
      const room = [this.stage.clientWidth, this.stage.clientHeight];
      if (!room[0] || !room[1]) return; // not laid out yet: the observer will tell
      const hover = { ...slide.figure.layout.hoverlabel };
      hover.font = { ...hover.font, size: HOVER };
      const lay = async (width, height, range) => {
        if (turn !== this.turn) throw OVERTAKEN;
        const layout = { ...slide.figure.layout, width, height, autosize: false, hoverlabel: hover, uirevision: turn };
        if (range) layout.yaxis = { ...layout.yaxis, range };
        Object.assign(this.plot.style, { width: `${width}px`, height: `${height}px` });
        await Plotly.react(this.plot, slide.figure.data, structuredClone(layout), BASE);
      };
      Plotly.purge(this.plot);
      this.plot.style.visibility = "hidden";
      const held = (slide.sizes ??= new Map());
      const name = room.join(" ");
      if (!held.has(name)) held.set(name, await fitFigure(this.plot, slide.figure.layout, room, lay));
      this.pages = held.get(name);
      this.page = Math.min(this.page, this.pages.length - 1);
      this.paged();
      const { width, height, scale, range } = this.pages[this.page];
      await lay(width, height, range);
      if (turn !== this.turn) return;
      Object.assign(this.plot.style, {
        transform: `scale(${scale})`, marginBottom: `${height * (scale - 1)}px`, marginRight: `${width * (scale - 1)}px`,
      });
      this.note.textContent = "";
    } catch (error) {
      if (error === OVERTAKEN) return;
      console.error(error);
      this.note.textContent = this.meta.words.broken;
    } finally {
      if (turn === this.turn) {
        this.plot.style.visibility = "";
        this.plot.removeAttribute("aria-busy");
      }
    }
  }

  room() {
    return `${this.stage.clientWidth} ${this.stage.clientHeight}`;
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
      ArrowRight: () => this.move(1), PageDown: () => this.move(1), " ": () => this.move(1),
      ArrowLeft: () => this.move(-1), PageUp: () => this.move(-1),
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
      make("span", "saa-place", line).textContent = `${i + 1}.`;
      make("span", "", line).textContent = ` ${slide.title}`;
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
