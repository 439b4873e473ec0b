export type { Pipeline } from "./pipeline.ts";
