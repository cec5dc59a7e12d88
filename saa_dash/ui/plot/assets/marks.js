// The marks of a figure for who uses the keyboard: a list, the nearest one in a direction, and the ring around one.

const SIDEWAYS = 3; // a step aside costs so many times a step ahead

// What a mark carries: its `customdata` as a plain list, P-code first; null where it carries nothing.
export function carried(trace, number) {
  const held = trace.customdata?.[number];
  if (held === undefined || held === null || held === "") return null;
  return Array.isArray(held) || ArrayBuffer.isView(held) ? Array.from(held) : [held];
}

export function marksOf(plot) {
  const out = [];
  plot.calcdata.forEach((points, curve) => {
    const trace = points[0]?.trace;
    if (!trace || trace.visible !== true || trace.hoverinfo === "skip" || trace.hoverinfo === "none") return;
    if (trace.type !== "scatter" && trace.type !== "bar") return;
    const [xs, ys] = [plot._fullLayout[full(trace.xaxis)], plot._fullLayout[full(trace.yaxis)]];
    points.forEach((point, i) => {
      const [x, y] = [xs.c2p(point.x), ys.c2p(point.y)];
      if (!(x >= 0 && x <= xs._length && y >= 0 && y <= ys._length)) return;
      const number = point.i ?? i;
      out.push({ curve, number, x: x + xs._offset, y: y + ys._offset, subplot: trace.xaxis + trace.yaxis });
    });
  });
  return out.sort((a, b) => a.x - b.x || a.y - b.y);
}

export function next(marks, from, key) {
  if (!marks.length) return null;
  if (key === "Home" || (!from && key !== "End")) return marks[0];
  if (key === "End") return marks[marks.length - 1];
  const at = marks.findIndex((mark) => mark.curve === from.curve && mark.number === from.number);
  if (key === "PageDown") return marks[Math.min(at + 1, marks.length - 1)];
  if (key === "PageUp") return marks[Math.max(at - 1, 0)];
  const [dx, dy] = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[key];
  let best = null, least = Infinity;
  for (const mark of marks) {
    const [ahead, aside] = [(mark.x - from.x) * dx + (mark.y - from.y) * dy,
      Math.abs((mark.x - from.x) * dy) + Math.abs((mark.y - from.y) * dx)];
    const way = ahead + SIDEWAYS * aside;
    if (ahead > 0.5 && way < least) [best, least] = [mark, way];
  }
  return best ?? from;
}

function full(id) {
  return `${id[0]}axis${id.slice(1)}`;
}
