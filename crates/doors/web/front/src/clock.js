// Keeps relative times true while a page stays open; the words are the server's.
const steps = [
  [60, 1, "second"],
  [3600, 60, "minute"],
  [86400, 3600, "hour"],
  [86400 * 14, 86400, "day"],
  [86400 * 60, 86400 * 7, "week"],
  [86400 * 730, 86400 * 30, "month"],
  [Infinity, 86400 * 365, "year"],
];

/** The distance in words: "3 minutes ago", "in 2 days". */
export function relative(seconds) {
  const far = Math.abs(seconds);
  if (far < 45) return "just now";
  const [, unit, word] = far < 60 ? steps[1] : steps.find(([limit]) => far < limit);
  const n = Math.max(1, Math.floor(far / unit));
  const words = `${n} ${word}${n === 1 ? "" : "s"}`;
  return seconds < 0 ? `${words} ago` : `in ${words}`;
}

function refresh() {
  for (const node of document.querySelectorAll("time[data-relative]")) {
    const at = Date.parse(node.dateTime);
    if (Number.isNaN(at)) continue;
    const words = relative((at - Date.now()) / 1000);
    if (node.textContent !== words) node.textContent = words;
  }
}

/** Refreshes twice a minute, and at once when the page comes back into view. */
export function startClock() {
  setInterval(refresh, 30_000);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refresh();
  });
}
