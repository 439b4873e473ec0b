export { attach } from "./attach.ts";
export type { Pipeline } from "./pipeline.ts";
