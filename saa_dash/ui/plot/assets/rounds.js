// The figures of one run are painted in one go: once as many have come as the run before brought, or after a while.
// A browser paints a page in one go much faster than after each figure.

const PATIENCE = 200; // ms; a server that is busy sends the figures of one run with pauses between them
let round = new Set();
let expected = 0;
let open = null; // settles when the round is drawn
let close = () => {};

// Take note of a figure that the server has sent; one that comes again begins a new round.
export function arrive(figure) {
  if (round.has(figure)) {
    expected = round.size;
    round = new Set();
    close();
  }
  round.add(figure);
  if (round.size >= expected) close();
  else if (!open) {
    const timer = setTimeout(() => close(), PATIENCE);
    open = new Promise((done) => {
      close = () => {
        clearTimeout(timer);
        open = null;
        close = () => {};
        done();
      };
    });
  }
}

export function together() {
  return open ?? Promise.resolve();
}
