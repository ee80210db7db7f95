/** Compares exact decimals as the API writes them: plain text, such as 189.5700100000000001. */

/** Negative if the first is less, positive if it is greater, otherwise 0. */
export function compareDecimals(a, b) {
  const difference = Number(a) - Number(b);
  if (difference !== 0 || a === b) {
    return difference;
  }
  const digits = Math.max(fraction(a).length, fraction(b).length);
  const first = unscaled(a, digits);
  const second = unscaled(b, digits);
  return first < second ? -1 : first > second ? 1 : 0;
}

function fraction(text) {
  return text.split(".")[1] ?? "";
}

function unscaled(text, digits) {
  return BigInt(text.split(".")[0] + fraction(text).padEnd(digits, "0"));
}
