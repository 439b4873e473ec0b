import { isName } from "./name.ts";

const MAX_OPERATION = 100;
const REQUEST = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|QUERY) \/(.*)$/;
// {id}, :id, [id], [...id], (group), * and **
const TEMPLATE =
  /^(?:\{(\w{1,24})\}|:(\w{1,24})|\[(?:\.\.\.)?(\w{1,24})\]|\((\w{1,24})\)|\*{1,2})$/;

/**
 * What asked for an action, at most 100 characters: a name (`Config.update`), or an HTTP method of
 * the list and a route, each segment of which is a name or a template (`POST /users/{id}/runs`).
 */
export const isOperation = (value: unknown): value is string => {
  if (typeof value !== "string" || value.length > MAX_OPERATION) return false;
  const route = REQUEST.exec(value)?.[1];
  if (route === undefined) return isName(value);
  return route === "" || route.split("/").every(isSegment);
};

const isSegment = (segment: string, index: number, all: readonly string[]): boolean => {
  // A route may end in a slash.
  if (segment === "") return index === all.length - 1;
  if (isName(segment)) return true;
  const template = TEMPLATE.exec(segment);
  if (template === null) return false;
  const name = template.slice(1).find((one) => one !== undefined);
  return name === undefined || isName(name);
};
