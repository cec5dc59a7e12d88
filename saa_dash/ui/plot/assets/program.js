// plotly.js and the style sheets, each fetched once per tab.

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

export function styled(name = "figure") {
  const id = `saa-${name}-style`;
  if (document.getElementById(id)) return;
  const link = Object.assign(document.createElement("link"), { id, rel: "stylesheet" });
  link.href = new URL(`${name}.css`, import.meta.url);
  document.head.append(link);
}
