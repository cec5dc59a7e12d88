// Fetches the program of the figures from the server, once per tab, from beside Streamlit's own files: so it works
// behind a proxy with a path of its own. It travels with every message and stays this small for that reason.
const FILES = "__FILES__";
const streamlit = document.querySelector('script[src*="/static/js/"]');
const base = streamlit ? streamlit.src.split("/static/js/")[0] + "/" : new URL("./", document.baseURI).href;
let program = null;

export default async function (component) {
  try {
    program ??= import(base + FILES + "__PROGRAM__");
    return (await program).draw(component);
  } catch (error) {
    program = null;
    console.warn("the figure could not be loaded", error);
    component.setTriggerValue("failed", true);
  }
}
