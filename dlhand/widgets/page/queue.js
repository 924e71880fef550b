// What is done in the page, on its way to Python: the next is sent when the last is answered, so
// that a slider is followed as fast as the kernel can.

const PATIENCE = 3000; // milliseconds of silence: the kernel is away
let sent = 0; // numbers the messages of all views

// Of what waits only the last of a `key` counts. `late` is called where no answer comes.
export function makeQueue(model, late) {
  const waiting = new Map();
  let current = 0;
  let timer;

  function send(key, message) {
    waiting.set(key, message);
    if (!current) next();
  }

  function next() {
    const [first] = waiting;
    if (!first) return;
    waiting.delete(first[0]);
    current = ++sent;
    timer = setTimeout(giveUp, PATIENCE);
    model.send({ ...first[1], id: current });
  }

  function giveUp() {
    current = 0;
    waiting.clear();
    late("no answer from Python: run the notebook's cells, then try again");
  }

  function answered(id) {
    if (id !== current) return;
    clearTimeout(timer);
    current = 0;
    late("");
    next();
  }

  return { send, answered, end: () => clearTimeout(timer) };
}
