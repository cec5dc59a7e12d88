// Figures of the page: drawn one after the other, at the width of the page, and at that of the paper for a printer.

const WORDS = __WORDS__;
const CONFIG = { displayModeBar: false, displaylogo: false, doubleClick: false, showTips: false, locale: "en" };
const PAPER = { width: 680, height: 840 }; // px of A4 between its margins, words left room for
const DRAWN = 900; // px that a figure is laid out at for a printer, which makes 6.8 pt of its letters
const SHOWN = 80; // ms until a label stands
const said = document.getElementById("said");

class Figure {
  constructor(frame) {
    [this.plot, this.ring, this.reset] = frame.querySelectorAll(".plot, .ring, .reset");
    const held = JSON.parse(frame.querySelector("script").textContent);
    [this.data, this.shape] = [held.data, held.layout];
    this.height = this.plot.offsetHeight;
    this.mark = null;
  }

  layout(width, height) {
    return { ...structuredClone(this.shape), width, height, autosize: false };
  }

  async draw() {
    await Plotly.newPlot(this.plot, this.data, this.layout(this.plot.clientWidth, this.height), CONFIG);
    this.plot.querySelectorAll("svg").forEach((svg) => svg.setAttribute("aria-hidden", "true"));
    this.plot.on("plotly_relayout", (change) => this.zoomed(change));
    this.plot.on("plotly_doubleclick", () => this.home());
    this.plot.addEventListener("keydown", (event) => this.pressed(event));
    this.plot.addEventListener("blur", () => this.forget());
    this.plot.addEventListener("pointerdown", () => this.forget());
    this.reset.addEventListener("click", () => this.home());
    this.drawn = true;
  }

  fit(width, height) {
    this.forget();
    if (this.drawn && width) Plotly.relayout(this.plot, { width, height });
  }

  onPaper() {
    const scale = Math.min(PAPER.width / DRAWN, PAPER.height / this.height);
    const { style } = this.plot;
    [style.width, style.height, style.transform] = [`${DRAWN}px`, `${this.height}px`, `scale(${scale})`];
    [style.marginBottom, style.marginRight] = [`${this.height * (scale - 1)}px`, `${DRAWN * (scale - 1)}px`];
    this.fit(DRAWN, this.height);
  }

  onScreen() {
    const { style } = this.plot;
    style.width = style.transform = style.marginBottom = style.marginRight = "";
    style.height = `${this.height}px`;
    this.fit(this.plot.clientWidth, this.height);
  }

  zoomed(change) {
    if (Object.keys(change).some((name) => /axis\d*\.range/.test(name))) this.reset.hidden = false;
    this.forget();
  }

  home() {
    this.reset.hidden = true;
    Plotly.react(this.plot, this.data, this.layout(this.plot.clientWidth, this.height), CONFIG);
  }

  pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") this.mark ? this.forget() : this.home();
    else if (/^(Arrow|Page|Home|End)/.test(event.key)) this.go(event.key);
    else return;
    event.preventDefault();
  }

  go(key) {
    this.marks ??= marksOf(this.plot);
    this.mark = next(this.marks, this.mark, key);
    if (!this.mark) return void (said.textContent = WORDS.no_marks);
    this.ring.style.left = `${this.mark.x}px`;
    this.ring.style.top = `${this.mark.y}px`;
    this.ring.hidden = false;
    Plotly.Fx.hover(this.plot, [{ curveNumber: this.mark.curve, pointNumber: this.mark.number }], this.mark.subplot);
    setTimeout(() => this.say(), SHOWN);
  }

  say() {
    const texts = [...this.plot.querySelectorAll(".hoverlayer tspan.line, .hoverlayer text")]
      .filter((node) => !node.querySelector("tspan.line")).map((node) => node.textContent.trim());
    said.textContent = texts.filter(Boolean).join(", ");
  }

  forget() {
    this.marks = null;
    if (!this.mark) return;
    this.mark = null;
    this.ring.hidden = true;
    Plotly.Fx.unhover(this.plot);
  }
}

const figures = [...document.querySelectorAll(".frame")].map((frame) => new Figure(frame));

(async () => {
  for (const figure of figures) {
    await figure.draw();
    await new Promise((done) => setTimeout(done));
  }
  document.documentElement.dataset.drawn = "all";
})();

addEventListener("beforeprint", () => figures.forEach((one) => one.onPaper()));
addEventListener("afterprint", () => figures.forEach((one) => one.onScreen()));

let frame = 0;
let seen = innerWidth;
addEventListener("resize", () => {
  if (innerWidth === seen || matchMedia("print").matches) return;
  seen = innerWidth;
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => figures.forEach((one) => one.fit(one.plot.clientWidth, one.height)));
});
