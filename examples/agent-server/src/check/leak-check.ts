/** Texts that must not leave the process, by what they are. */
export type Secrets = Readonly<Record<string, string>>;

/** Which of the secrets stand in what was sent, anywhere: names, attributes, links, resources. */
export const leaks = (requests: readonly string[], secrets: Secrets): string[] =>
  Object.entries(secrets).flatMap(([name, secret]) => {
    const escaped = JSON.stringify(secret).slice(1, -1);
    const count = requests.filter((request) => request.includes(escaped)).length;
    return count === 0 ? [] : [`${name} is in ${count} of ${requests.length} requests`];
  });
