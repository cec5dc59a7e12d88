// plotly.js and the style sheet, each fetched once per tab.

let plotly = null;

export function program() {
  plotly ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = new URL("plotly-basic-4.1.1.min.js", import.meta.url);
    script.onload = () => done(window.Plotly);
    script.onerror = () => failed(new Error("plotly"));
    document.head.append(script);
  }).catch((error) => {
    plotly = null;
    throw error;
  });
  return plotly;
}

export function styled() {
  if (document.getElementById("saa-figure-style")) return;
  const link = Object.assign(document.createElement("link"), { id: "saa-figure-style", rel: "stylesheet" });
  link.href = new URL("figure.css", import.meta.url);
  document.head.append(link);
}
