// Starts the deck: what is measured is measured first, then reveal.js takes over.

async function startDeck() {
  await Promise.all([...document.fonts].map((face) => face.load()));
  const slides = document.querySelector(".reveal .slides");
  fitAll(slides);
  const isPrinted = /[?&](print-pdf|view=print)/i.test(location.search);
  const pictured = [...slides.querySelectorAll("section[data-picture]")];
  const deck = new Reveal({
    width: 1280,
    height: 720,
    margin: 0,
    center: false,
    display: "flex",
    hash: true,
    slideNumber: "c/t",
    navigationMode: "linear",
    controlsTutorial: false,
    transition: "none",
    backgroundTransition: "none",
    pdfSeparateFragments: false,
    pdfMaxPagesPerSlide: 1,
    scrollActivationWidth: null, // on a phone, too, a slide is one, with its parts and its picture
    plugins: [RevealNotes],
  });
  deck.on("slidechanged", ({ currentSlide }) => showPicture(currentSlide));
  deck.on("overviewshown", () => pictured.forEach(showPicture));
  if (isPrinted) {
    document.documentElement.classList.add("fitting");
    pictured.forEach(showPicture);
    document.documentElement.classList.remove("fitting");
  }
  await deck.initialize();
  window.Reveal = deck;
  showPicture(deck.getCurrentSlide());
  document.documentElement.dataset.ready = "yes";
}

startDeck();
