// Judging choices: no page is needed for it.

// Whether a try has chosen all that is right and nothing else.
export const isRight = ({ choices }, chosen) =>
  choices.every(({ right }, k) => right === chosen.includes(k));

// What is said of a try before its reasons.
export function verdictOf(question, chosen) {
  if (isRight(question, chosen)) return "Right.";
  const wrong = chosen.filter((k) => !question.choices[k].right).length;
  if (!wrong) return "Not yet: all you chose is right, but something is missing.";
  return question.several ? `Not yet: wrong among what you chose: ${wrong} of ${chosen.length}.` : "Not yet.";
}

// How many questions were answered right at the first try.
export const scoreOf = (questions, tries) =>
  questions.filter((question, k) => tries[k]?.length && isRight(question, tries[k][0])).length;
