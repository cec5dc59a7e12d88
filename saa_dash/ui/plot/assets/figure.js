// A figure on the page. Its node lives as long as its place on the page does: new data go into it by Plotly.react.

import { carried, marksOf, next } from "./marks.js";
import { build, label, put } from "./parts.js";
import { program, styled } from "./program.js";
import { arrive, together } from "./rounds.js";
import { Zoom } from "./zoom.js";

const CONFIG = { displayModeBar: false, displaylogo: false, doubleClick: false, showTips: false, locale: "en" };
const MOST = 5000; // marks that one box tells of
const TWICE = 350; // ms within which a second click on a mark belongs to the first
const SHOWN = 80; // ms until a label stands: Plotly shows one at most every 50
const WAIT = 20_000; // ms after which a picture that did not come may be asked for again
const figures = new WeakMap();
const saved = new Set(); // pictures made in this tab

export async function draw(component) {
  const { parentElement } = component;
  let figure = figures.get(parentElement);
  if (!figure) figures.set(parentElement, (figure = new Figure(parentElement)));
  await figure.take(component);
  return () => setTimeout(() => figure.leave(), 0);
}

class Figure {
  constructor(parent) {
    styled();
    this.parent = parent;
    this.parts = build(parent);
    this.digest = null;
    this.mark = null;
    this.mode = "zoom";
    this.drawing = Promise.resolve();
    this.seen = this.parts.plot.clientWidth;
    this.observer = new ResizeObserver((entries) => this.fit(entries[0].contentRect.width));
    this.observer.observe(this.parts.plot);
    this.listen();
  }

  // Take what the server sends: a line of words and settings, and the figure, read only where it has changed.
  async take(component) {
    arrive(this);
    this.component = component;
    const text = new TextDecoder().decode(component.data);
    const end = text.indexOf("\n");
    const meta = JSON.parse(text.slice(0, end));
    this.meta = meta;
    this.zoom ??= new Zoom(meta.key);
    label(this.parts, meta);
    if (meta.collected !== this.token) this.collected();
    this.token = meta.collected;
    if (this.Plotly === undefined) await this.load();
    if (!meta.keep && meta.digest !== this.digest) {
      this.figure = JSON.parse(text.slice(end + 1));
      this.digest = meta.digest;
      await this.redraw();
    }
    if (meta.unbox && !this.unboxed && this.wired) this.unbox();
    this.unboxed = meta.unbox;
    if (meta.save && !saved.has(meta.save.token)) {
      saved.add(meta.save.token);
      await this.save(meta.save, text.slice(end + 1));
    } else if (this.waiting && !meta.save) this.free();
  }

  async load() {
    put(this.parts.state, this.meta.words.loading);
    this.Plotly = await program();
  }

  redraw() {
    this.parts.plot.setAttribute("aria-busy", "true");
    const turn = (this.drawing = this.drawing.then(() => together()).then(() => this.paint())
      .catch((error) => this.broken(error)).then(() => {
        if (turn === this.drawing) this.parts.plot.removeAttribute("aria-busy");
      }));
    return turn;
  }

  async paint() {
    const { plot, state, reset } = this.parts;
    const width = this.seen;
    if (!width) return; // in a closed tab or fold: `fit` draws it once it is seen
    this.width = width;
    await this.Plotly.react(plot, this.figure.data, this.layout(width), CONFIG);
    if (this.zoom.active && this.zoom.dropEmpty(plot)) {
      await this.Plotly.react(plot, this.figure.data, this.layout(width), CONFIG);
    }
    if (!this.wired) this.wire();
    state.hidden = true;
    reset.hidden = !this.zoom.active;
    this.forget();
    if (this.boxed) this.tellBox();
  }

  layout(width) {
    const layout = { ...this.figure.layout, width, autosize: false, uirevision: "keep" };
    if (this.mode !== "zoom") layout.dragmode = this.mode;
    const out = this.zoom.applied(layout);
    this.turn = (this.turn ?? 0) + 1;
    for (const name of Object.keys(out)) {
      // ranges are kept here and not by Plotly, which would hold on to those of another patient as "initial" ones
      if (/^[xy]axis\d*$/.test(name)) out[name] = { ...out[name], uirevision: this.turn };
    }
    return out;
  }

  // The width comes from the observer: asking the node for it would make the browser lay the page out each time.
  fit(width) {
    this.seen = Math.floor(width);
    if (!this.figure || !this.Plotly || !this.seen || this.seen === this.width) return;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.redraw());
  }

  broken(error) {
    console.error(error);
    const { state } = this.parts;
    state.classList.remove("saa-waiting");
    state.hidden = false;
    state.replaceChildren(Object.assign(document.createElement("span"), { textContent: this.meta.words.broken }));
    const plain = Object.assign(document.createElement("button"), { type: "button" });
    put(plain, this.meta.words.plain);
    plain.onclick = () => this.component.setTriggerValue("failed", true);
    state.append(plain);
    this.digest = null;
  }

  // --- what the reader does -----------------------------------------------------------------------------------------

  wire() {
    const { plot } = this.parts;
    this.wired = true;
    plot.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
    plot.on("plotly_relayout", (change) => this.zoomed(change));
    plot.on("plotly_doubleclick", () => this.home());
    plot.on("plotly_click", (event) => this.picked(event.points));
    plot.on("plotly_hover", (event) => {
      const held = this.meta.select && event.points.some((p) => carried(p.fullData, p.pointNumber));
      plot.classList.toggle("saa-on-mark", Boolean(held));
    });
    plot.on("plotly_unhover", () => plot.classList.remove("saa-on-mark"));
    plot.on("plotly_selected", (event) => event && this.tellBox());
    plot.on("plotly_deselect", () => this.tellBox());
  }

  listen() {
    const { plot, reset, box, lasso, collect, pictures } = this.parts;
    plot.addEventListener("focus", () => (this.keyboard = plot.matches(":focus-visible")));
    plot.addEventListener("blur", () => this.forget());
    plot.addEventListener("keydown", (event) => this.pressed(event));
    plot.addEventListener("pointerdown", () => this.forget());
    reset.onclick = () => this.home();
    box.onclick = () => this.drag("select");
    lasso.onclick = () => this.drag("lasso");
    for (const button of pictures) button.onclick = () => this.ask(button);
    collect.onclick = () => this.collect();
  }

  zoomed(change) {
    if (this.zoom.note(this.parts.plot, change)) this.parts.reset.hidden = !this.zoom.active;
    this.forget();
  }

  home() {
    if (!this.zoom.active) return;
    this.zoom.clear();
    this.redraw();
  }

  drag(mode) {
    this.mode = this.mode === mode ? "zoom" : mode;
    const { box, lasso, plot } = this.parts;
    box.setAttribute("aria-pressed", String(this.mode === "select"));
    lasso.setAttribute("aria-pressed", String(this.mode === "lasso"));
    this.Plotly.relayout(plot, { dragmode: this.mode, selections: [] }).then(() => this.tellBox());
  }

  unbox() {
    this.Plotly.relayout(this.parts.plot, { selections: [] }).then(() => this.tellBox());
  }

  // A click is an event, told once: nothing stays chosen, so the same mark can be clicked again.
  picked(points) {
    if (!this.meta.select) return;
    const held = points.map((point) => carried(point.fullData, point.pointNumber)).find(Boolean);
    if (!held) return;
    const [what, now] = [JSON.stringify(held), Date.now()];
    if (this.last?.what === what && now - this.last.at < TWICE) return;
    this.last = { what, at: now };
    this.component.setTriggerValue("picked", { points: [{ customdata: held }] });
  }

  // What is in the box stays until the box goes, and is told anew when other data come into it.
  tellBox() {
    const { plot } = this.parts;
    const found = new Map();
    if (plot.layout.selections?.length) {
      plot._fullData.forEach((trace) => {
        for (const number of trace.selectedpoints ?? []) {
          const held = carried(trace, number);
          if (held && found.size < MOST) found.set(JSON.stringify(held), { customdata: held });
        }
      });
    }
    const told = JSON.stringify([...found.keys()]);
    if (told === (this.boxed ?? "[]")) return;
    this.boxed = told;
    this.component.setStateValue("boxed", { points: [...found.values()] });
  }

  // --- keyboard -----------------------------------------------------------------------------------------------------

  pressed(event) {
    if (!this.keyboard || event.ctrlKey || event.metaKey || event.altKey || !this.wired) return;
    const moves = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];
    if (moves.includes(event.key)) this.go(event.key);
    else if ((event.key === "Enter" || event.key === " ") && this.mark) this.enter();
    else if (event.key === "Escape" && (this.mark || this.zoom.active)) this.mark ? this.forget() : this.home();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  go(key) {
    const { plot, ring } = this.parts;
    this.marks ??= marksOf(plot);
    this.mark = next(this.marks, this.mark, key);
    if (!this.mark) return put(this.parts.said, this.meta.words.no_marks);
    ring.style.left = `${this.mark.x * this.meta.scale}px`;
    ring.style.top = `${this.mark.y * this.meta.scale}px`;
    ring.hidden = false;
    this.Plotly.Fx.hover(plot, [{ curveNumber: this.mark.curve, pointNumber: this.mark.number }], this.mark.subplot);
    setTimeout(() => this.say(), SHOWN);
  }

  // Read the label that stands at the mark.
  say() {
    if (!this.mark) return;
    const texts = [...this.parts.plot.querySelectorAll(".hoverlayer tspan.line, .hoverlayer text")]
      .filter((node) => !node.querySelector("tspan.line")).map((node) => node.textContent.trim());
    put(this.parts.said, texts.filter(Boolean).join(", "));
  }

  enter() {
    const trace = this.parts.plot._fullData[this.mark.curve];
    this.picked([{ fullData: trace, pointNumber: this.mark.number }]);
  }

  forget() {
    this.marks = null;
    if (!this.mark) return;
    this.mark = null;
    this.parts.ring.hidden = true;
    this.Plotly.Fx.unhover(this.parts.plot);
  }

  // --- pictures -----------------------------------------------------------------------------------------------------

  ask(button) {
    for (const each of this.parts.pictures) each.disabled = true;
    button.setAttribute("aria-busy", "true");
    this.waiting = setTimeout(() => this.free(), WAIT);
    this.component.setTriggerValue("picture", button.dataset.format);
  }

  free() {
    clearTimeout(this.waiting);
    this.waiting = null;
    for (const each of this.parts.pictures) {
      each.disabled = false;
      each.removeAttribute("aria-busy");
    }
  }

  // --- the tray -----------------------------------------------------------------------------------------------------

  collect() {
    const { collect } = this.parts;
    collect.disabled = true;
    collect.setAttribute("aria-busy", "true");
    this.collecting = setTimeout(() => this.collected(), WAIT);
    this.component.setTriggerValue("collect", true);
  }

  collected() {
    clearTimeout(this.collecting);
    this.parts.collect.disabled = false;
    this.parts.collect.removeAttribute("aria-busy");
  }

  async save(wish, text) {
    const { said } = this.parts;
    try {
      const { save } = await import("./picture.js");
      const figure = JSON.parse(text);
      figure.layout = this.zoom.applied(figure.layout);
      await save(this.Plotly, figure, this.width ?? 0, wish.words, wish.format, wish.name);
      put(said, this.meta.words.saved);
    } catch (error) {
      console.error(error);
      put(said, this.meta.words.not_saved);
    } finally {
      this.free();
    }
  }

  leave() {
    if (this.parent.isConnected) return; // only overtaken by a newer run
    this.observer.disconnect();
    cancelAnimationFrame(this.frame);
    if (this.wired) this.Plotly.purge(this.parts.plot);
    figures.delete(this.parent);
  }
}


