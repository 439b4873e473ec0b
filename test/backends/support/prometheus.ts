/** One series of a Prometheus page: its name, its labels and its value. */
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Reads a Prometheus page, classic text, or OpenMetrics without its exemplars. */
export const scrape = async (url: string): Promise<readonly Series[]> => {
  const page = await (await fetch(url)).text();
  return page
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"))
    .map(seriesOf);
};

/** The sum of a metric over the series that have these labels; 0 if there is none. */
export const total = (
  series: readonly Series[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number =>
  series
    .filter((one) => one.name === name)
    .filter((one) => Object.entries(labels).every(([key, value]) => one.labels[key] === value))
    .reduce((sum, { value }) => sum + value, 0);

const seriesOf = (line: string): Series => {
  const [, name = "", labels = "", value = ""] = /^([^{ ]+)(?:\{(.*)\})? (\S+)/.exec(line) ?? [];
  return {
    name,
    labels: Object.fromEntries(
      [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key = "", text = ""]) => [
        key,
        text,
      ]),
    ),
    value: Number(value),
  };
};
