/** The command line, or how Node was started, is not what the bench can work with. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
