/** What the one who stages a play does to the provider, over HTTP. */
export interface ProviderClient {
  /** Closes the connections that its `disconnects…` models hold. */
  readonly cut: () => Promise<void>;
  /** How many requests each model got. */
  readonly requests: () => Promise<Readonly<Record<string, number>>>;
}

export const createProviderClient = (url: string, signal: AbortSignal): ProviderClient => ({
  cut: async () => {
    await fetch(`${url}/cut`, { method: "POST", signal });
  },
  requests: async () => {
    const response = await fetch(`${url}/requests`, { signal });
    return JSON.parse(await response.text());
  },
});
