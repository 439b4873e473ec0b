/** How Grafana is told to put the value of the variable `name` here. */
export const variable = (name: string): string => `\${${name}}`;
