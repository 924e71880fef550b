// Questions to Python, and its answers.

const PATIENCE = 3000; // milliseconds of silence: the kernel is away
const LATE = "no answer from Python: run the notebook's cells, then try again";
let asked = 0; // numbers the questions of all players

// anywidget hands on no message to a model whose module it could not load in two seconds, as on a
// slow computer. Loaded at last, we have the model, which a change gives us, listen for itself, and
// ask for what it has missed.
function wake(model) {
  let all; // of which we are given a part
  const take = (one) => (all = one);
  model.on("change:awake", take);
  model.set({ awake: true });
  model.off("change:awake", take);
  all?._handle_comm_msg?.({ content: { data: {} } }).catch(() => {
    all.comm.on_msg(Object.getPrototypeOf(Object.getPrototypeOf(all))._handle_comm_msg.bind(all));
    all.comm.send({ method: "request_state" });
  });
}

export function makeKernel(model) {
  wake(model);
  const waiting = new Map();
  let settling = 0;
  let isStale = false;

  // Calls `answered` with what comes back, or `late` with what to say where nothing does.
  function ask(question, answered, late) {
    const id = ++asked;
    waiting.set(id, { answered, timer: setTimeout(late, PATIENCE, LATE) });
    model.send({ ...question, id });
  }

  function hear(answer, buffers) {
    const question = waiting.get(answer.id);
    if (!question) return; // another view of this player has asked
    clearTimeout(question.timer);
    waiting.delete(answer.id);
    question.answered(answer, buffers);
  }

  // Asks for what is dear to work out after new numbers: never again before the last answer, so
  // that a slider is followed as fast as the kernel can.
  function settle() {
    isStale = Boolean(settling);
    if (isStale) return;
    settling = ++asked;
    model.send({ type: "settle", id: settling });
  }

  function settled({ id }) {
    if (id !== settling) return;
    settling = 0;
    if (isStale) settle();
  }

  return { ask, hear, settle, settled };
}
