// Names for sliders and boxes: ipywidgets writes them beside what is focused, and leaves that
// itself without a name for a screen reader.

const FOCUSED = ".noUi-handle, input, textarea";

// Names the controls of the what-if around a node as they come. Returns what ends that.
export function nameControls(node) {
  const around = () => node.closest(".dlhand-what-if");
  const changes = new MutationObserver(name);
  const arrival = new IntersectionObserver(() => {
    name();
    if (around()) changes.observe(around().firstElementChild, { childList: true, subtree: true });
  });

  function name() {
    for (const control of around()?.querySelectorAll(".dlhand-control") ?? []) {
      const label = control.querySelector("label")?.textContent;
      if (!label) continue; // to come
      for (const one of control.querySelectorAll(FOCUSED)) {
        one.ariaLabel = one.matches(".noUi-handle") ? label : `${label}, typed exactly`;
      }
    }
  }

  arrival.observe(node);
  return () => (arrival.disconnect(), changes.disconnect());
}
