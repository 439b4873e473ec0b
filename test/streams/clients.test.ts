import { expect, test } from "vitest";
import { startApp } from "../support/app.ts";

/** How the application's loop ended, and the last that its run was told. */
const EXPECTED = {
  "chat refused": ["refused", "transport_failure"],
  "responses refused": ["refused", "transport_failure"],
  "messages refused": ["refused", "transport_failure"],
  "chat answered": ["refused", "provider_error 429 server_error"],
  "responses answered": ["refused", "provider_error 429 server_error"],
  "messages answered": ["refused", "provider_error 429 server_error"],
  "chat cut": ["threw", "transport_failure"],
  "responses cut": ["threw", "transport_failure"],
  "messages cut": ["threw", "transport_failure"],
  // In the middle, and in order: no client says so.
  "chat closed": ["ended", "transport_failure"],
  "responses closed": ["ended", "transport_failure"],
  "messages closed": ["ended", "transport_failure"],
  "chat error": ["threw", "provider_error server_error"],
  "responses error": ["ended", "provider_error server_error"],
  "messages error": ["threw", "provider_error overloaded_error"],
  // On this side: they end as if the provider had closed them.
  "chat aborted": ["ended", "text_output_started"],
  "responses aborted": ["ended", "text_output_started"],
  "messages aborted": ["ended", "text_output_started"],
};

test("the clients of OpenAI and Anthropic: each end of a stream is told as what it is", async () => {
  const clients = await startApp({ app: "foreign", program: "observed-clients" });
  const { code, stdout, stderr } = await clients.ended();
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const stories = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(Object.fromEntries(stories.map(({ story, end, last }) => [story, [end, last]]))).toEqual(
    EXPECTED,
  );
}, 60_000);
