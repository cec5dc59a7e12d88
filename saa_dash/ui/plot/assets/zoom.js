// What the reader has zoomed to, kept by the name of the figure: it outlives every change of the data, and the node.

const kept = new Map();

const AXIS = /^([xy]axis\d*)\.(range|autorange)/;

export class Zoom {
  constructor(name) {
    this.name = `${location.pathname} ${name}`;
    this.ranges = kept.get(this.name) ?? {};
  }

  get active() {
    return Object.keys(this.ranges).length > 0;
  }

  // Take over what a gesture did; axes that are tied together are zoomed together.
  note(plot, change) {
    const touched = Object.keys(change ?? {}).map((key) => key.match(AXIS)?.[1]).filter(Boolean);
    for (const name of new Set(touched)) {
      const axis = plot._fullLayout[name];
      if (!axis) continue;
      if (change[`${name}.autorange`] === true) delete this.ranges[name];
      else this.ranges[name] = { range: [...axis.range], type: axis.type };
    }
    kept.set(this.name, this.ranges);
    return touched.length > 0;
  }

  clear() {
    this.ranges = {};
    kept.delete(this.name);
  }

  // Return the layout with what is zoomed to in place of its own ranges.
  applied(layout) {
    const out = { ...layout };
    for (const [name, held] of Object.entries(this.ranges)) {
      const axis = layout[name];
      if (!axis || (axis.type && axis.type !== held.type)) delete this.ranges[name];
      else out[name] = { ...axis, range: held.range, autorange: false };
    }
    return out;
  }

  // Forget a range in which nothing of the new data lies; tell whether there was one.
  dropEmpty(plot) {
    const before = Object.keys(this.ranges).length;
    for (const name of Object.keys(this.ranges)) {
      const axis = plot._fullLayout[name];
      if (!axis || !shows(plot, axis)) delete this.ranges[name];
    }
    return Object.keys(this.ranges).length < before;
  }
}

function shows(plot, axis) {
  const letter = axis._id[0];
  const [low, high] = axis.range.map((end) => axis.r2l(end)).sort((a, b) => a - b);
  return plot.calcdata.some((points, i) => {
    const trace = plot._fullData[points[0]?.trace?.index ?? i];
    if (!trace || trace[`${letter}axis`] !== axis._id) return false;
    return points.some((point) => {
      const at = axis.c2l(point[letter]);
      return at >= low && at <= high;
    });
  });
}
