// What a learner has done, kept in this browser. Where it keeps nothing, that is told once.

const PREFIX = "dlhand:";
let tellOfTrouble = () => {};

export const onTrouble = (tell) => (tellOfTrouble = tell);

export function recalled(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key)) ?? {};
  } catch {
    return {}; // no storage here, or it was written by something else
  }
}

export function keep(key, value) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    tellOfTrouble("This browser does not keep your progress: its storage is closed or full.");
    tellOfTrouble = () => {};
  }
}
