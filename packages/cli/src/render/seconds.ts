// Only a broken clock or a hostile span has more.
const LONGEST = 6e10;

/** A duration in seconds, as short as a glance needs it: "35 ms", "1.2 s", "2 min 5 s". */
export function secondsText(seconds: number): string {
  if (seconds < 0.0995) return `${Math.max(0, Math.round(seconds * 1000))} ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole >= LONGEST) return "more than 1000 years";
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
