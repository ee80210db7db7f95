/** Whether the API answers. Each channel reports its own problem; the page shows the worst. */

const problems = new Map();
const listeners = new Set();
let hasAnswered = false;

export function report(channel, problem) {
  const before = problems.get(channel);
  if (problem === null) {
    hasAnswered = true;
    problems.delete(channel);
  } else {
    problems.set(channel, problem);
  }
  if (before !== (problem ?? undefined) || (problem === null && !before)) {
    listeners.forEach((listener) => listener(current()));
  }
}

/** A channel that is not used any more has no problem. */
export function forget(channel) {
  if (problems.delete(channel)) {
    listeners.forEach((listener) => listener(current()));
  }
}

export function current() {
  const [problem] = problems.values();
  return { problem: problem ?? null, hasAnswered };
}

export function onConnectionChange(listener) {
  listeners.add(listener);
  listener(current());
}
