// When to ask again: FSRS-6 with its published default weights, a card and a rating in, the card
// after it out. The arithmetic is that of the Python package `fsrs` (MIT, Open Spaced Repetition)
// without its random spread; a test holds the two together.
// https://github.com/open-spaced-repetition/awesome-fsrs/wiki/The-Algorithm

export const AGAIN = 1, HARD = 2, GOOD = 3, EASY = 4;
export const RETENTION = 0.9; // the chance to know it that is left when it is asked again

const W = [
  0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
  1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
];
const MINUTE = 60_000, DAY = 86_400_000, LONGEST = 36_500;
const STEPS = { learning: [MINUTE, 10 * MINUTE], relearning: [10 * MINUTE] };
const DECAY = -W[20];
const FACTOR = 0.9 ** (1 / DECAY) - 1;

// A new card is {}; `now` and the times in a card are milliseconds.
export function rated(card, rating, now) {
  const before = { state: "learning", step: 0, ...card };
  const memory = remembered(before, rating, now);
  const { state, step, wait } = placed(before, rating, memory.stability);
  return { ...memory, state, step, due: now + wait, last: now };
}

function remembered({ stability, difficulty, last }, rating, now) {
  if (stability === undefined) return { stability: W[rating - 1], difficulty: within(initialDifficulty(rating)) };
  const days = Math.floor((now - last) / DAY);
  const grown = days < 1 ? sameDay(stability, rating) : later(stability, difficulty, recall(stability, days), rating);
  return { stability: Math.max(grown, 0.001), difficulty: nextDifficulty(difficulty, rating) };
}

// Minutes while it is being learnt, whole days afterwards.
function placed({ state, step }, rating, stability) {
  const review = { state: "review", step: 0, wait: days(stability) * DAY };
  if (state === "review") return rating === AGAIN ? { state: "relearning", step: 0, wait: STEPS.relearning[0] } : review;
  const steps = STEPS[state];
  if (rating === AGAIN) return { state, step: 0, wait: steps[0] };
  if (rating === HARD) return { state, step, wait: step ? steps[step] : (steps[0] + (steps[1] ?? 2 * steps[0])) / 2 };
  const done = rating === EASY || step + 1 >= steps.length;
  return done ? review : { state, step: step + 1, wait: steps[step + 1] };
}

export function recall(stability, days) {
  return (1 + (FACTOR * Math.max(0, days)) / stability) ** DECAY;
}

function days(stability) {
  const whole = Math.round((stability / FACTOR) * (RETENTION ** (1 / DECAY) - 1));
  return Math.min(Math.max(whole, 1), LONGEST);
}

function sameDay(stability, rating) {
  const grown = Math.E ** (W[17] * (rating - 3 + W[18])) * stability ** -W[19];
  return stability * (rating === AGAIN ? grown : Math.max(grown, 1));
}

function later(stability, difficulty, known, rating) {
  if (rating === AGAIN) return forgotten(stability, difficulty, known);
  const effort = (rating === HARD ? W[15] : 1) * (rating === EASY ? W[16] : 1);
  const surprise = Math.E ** ((1 - known) * W[10]) - 1;
  return stability * (1 + Math.E ** W[8] * (11 - difficulty) * stability ** -W[9] * surprise * effort);
}

function forgotten(stability, difficulty, known) {
  const long = W[11] * difficulty ** -W[12] * ((stability + 1) ** W[13] - 1) * Math.E ** ((1 - known) * W[14]);
  return Math.min(long, stability / Math.E ** (W[17] * W[18]));
}

function initialDifficulty(rating) {
  return W[4] - Math.E ** (W[5] * (rating - 1)) + 1;
}

function nextDifficulty(difficulty, rating) {
  const damped = difficulty + ((10 - difficulty) * -W[6] * (rating - 3)) / 9;
  return within(W[7] * initialDifficulty(EASY) + (1 - W[7]) * damped);
}

function within(difficulty) {
  return Math.min(Math.max(difficulty, 1), 10);
}
