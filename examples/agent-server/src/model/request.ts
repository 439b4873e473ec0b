import type { Run } from "@otel-lifecycle/api";
import type { ChatRequest, Message } from "./chat.ts";

const MODEL_NAME = /^[a-z0-9][a-z0-9.-]{0,63}$/;

/** The request to the provider. Throws if there can be none: nobody has been asked by then. */
export const requestFor = (run: Run, model: string, messages: readonly Message[]): ChatRequest => {
  if (MODEL_NAME.test(model)) return { model, messages, stream: true };
  const error = new RangeError("expected the name of a model");
  run.evidence("request_setup_failed", { error });
  throw error;
};
