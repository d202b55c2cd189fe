// Which card is next: cards and what is kept of them in, an order out. Computes only.
//
// First what is being learnt and due, then what is due today, then new cards, those first that a
// wrong answer asked for, and no more of them a day than was set. Last, what is due within minutes.

const AHEAD = 20 * 60_000;

// `cards` as in cards.json, `states` by id as kept, `now` a Date.
export function deck(cards, states, now, newADay) {
  const seen = cards.map((card) => ({ card, ...times(states[card.id], now) }));
  const begun = seen.filter((each) => each.due !== undefined);
  const today = endOfDay(now);
  const learning = sorted(begun.filter((each) => each.short && each.due <= now));
  const due = sorted(begun.filter((each) => !each.short && each.due <= today));
  const begunToday = Object.values(states).filter(({ began }) => Date.parse(began) >= startOfDay(now));
  const left = Math.max(0, newADay - begunToday.length);
  const unseen = seen.filter((each) => each.due === undefined && (each.wanted || !each.card.asked));
  const fresh = [...unseen.filter((each) => each.wanted), ...unseen.filter((each) => !each.wanted)];
  const soon = sorted(begun.filter((each) => each.short && each.due > now));
  const within = soon.filter((each) => each.due - now <= AHEAD);
  const queue = [...learning, ...due, ...fresh.slice(0, left), ...within];
  return {
    next: queue[0]?.card,
    due: learning.length + due.length + soon.length,
    fresh: Math.min(left, fresh.length),
    waiting: Math.max(0, fresh.length - left),
    learnt: begun.filter((each) => !each.short).length,
    begun: begun.length,
    comes: sorted(begun)[0]?.due,
  };
}

// What is kept of a card, with times as numbers; a card that was never rated has none but `wanted`.
function times(state, now) {
  const due = Date.parse(state?.due);
  const wanted = Boolean(state?.wanted);
  if (!Number.isFinite(due)) return { wanted };
  return { wanted, due: wanted ? Number(now) : due, short: state.state !== "review" };
}

function sorted(entries) {
  return [...entries].sort((a, b) => a.due - b.due);
}

function startOfDay(now) {
  return new Date(now).setHours(0, 0, 0, 0);
}

function endOfDay(now) {
  return new Date(now).setHours(23, 59, 59, 999);
}
