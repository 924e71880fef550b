// What is done in the page, on its way to Python: the next is sent when the last is answered, so
// that a slider is followed as fast as the kernel can.

// Of what waits only the last of a `key` counts. `say` tells where no answer comes; "" that one has.
export function makeQueue(kernel, say) {
  const waiting = new Map();
  let isBusy = false;

  function send(key, message) {
    waiting.set(key, message);
    if (!isBusy) next();
  }

  function next() {
    const [first] = waiting;
    isBusy = Boolean(first);
    if (!first) return;
    const [key, message] = first;
    waiting.delete(key);
    kernel.ask(message, () => (say(""), next()), giveUp);
  }

  function giveUp(words) {
    isBusy = false;
    waiting.clear();
    say(words);
  }

  return send;
}
