/** What is told of a provider's stream, where there is nothing else to tell: made once, shared. */
export const SOURCE: { readonly source: "provider_stream" } = { source: "provider_stream" };
