/** A text that must not leave, what is left of it, and the part that gives it away. */
export interface PrivateText {
  readonly what: string;
  readonly text: string;
  readonly left: string;
  readonly secret: string;
}

const row = (what: string, text: string, left: string, secret: string): PrivateText => ({
  what,
  text,
  left,
  secret,
});

export const PRIVATE_TEXTS: readonly PrivateText[] = [
  row("a home", "ENOENT /home/alice/plan.txt", "ENOENT ****", "plan"),
  row(
    "a home with blanks",
    "open '/Users/al ice/My Plan.txt' failed",
    "open '****' failed",
    "Plan",
  ),
  row("the home of root", "/root/.ssh/id_ed25519", "****", "id_ed25519"),
  row("a home in a file URL", "file:///home/alice/x?y", "file://****", "alice"),
  row(
    "a home, encoded",
    "https://a.example/o?f=%2Fhome%2Falice&t=1",
    "https://a.example/o?f=****&t=1",
    "alice",
  ),
  row(
    "a home, encoded in lower case",
    "https://a.example/o?f=%2fhome%2falice&t=1",
    "https://a.example/o?f=****&t=1",
    "alice",
  ),
  row("a home with the slashes that PHP writes in JSON", "\\/home\\/alice", "\\****", "alice"),
  row("a Windows path, encoded", "?f=C:%5CUsers%5Calice&t=1", "?f=C:****&t=1", "alice"),
  row("a Windows path", "at C:\\Users\\Al Ice\\my plan.txt", "at C****", "plan"),
  row("a Windows path with slashes", "at c:/users/Al Ice/my plan.txt", "at c****", "plan"),
  row("a Windows drive", "D:\\secret plans\\x", "D****", "plans"),
  row("a Windows path in JSON", '{"f":"C:\\\\Users\\\\alice"}', '{"f":"C****"}', "alice"),
  row("a Windows path that begins as an escape does", "D:\\temp\\alice", "D****", "alice"),
  row("a network share", "open \\\\files01\\home dirs\\alice", "open ****", "alice"),
  row("an e-mail address", "sent to al.b+x@mail.example.com today", "sent to **** today", "al.b"),
  row("an e-mail address, not ASCII", "jürgen@example.org", "****", "rgen"),
  row("an e-mail address, encoded", "?m=alice%40example.org", "?m=****", "alice"),
  row("a bearer token", "sent Bearer abc.DEF-123_x/y=", "sent B****", "DEF"),
  row("basic credentials", "basic QWxpY2U6c2VjcmV0", "b****", "QWxp"),
  row("credentials in a URL", "postgres://alice:s3cret@db/x", "postgres****db/x", "s3cret"),
  row("credentials in a URL without a user", "redis://:s3cret@db/0", "redis****db/0", "s3cret"),
  row("an @ in the password of a URL", "postgres://alice:s3@cret@db/x", "postgres****db/x", "cret"),
  row(
    "a token under a scheme of its own",
    "authorization: Token 0123abcd, retry",
    "a****, retry",
    "0123",
  ),
  row(
    "a model provider's key",
    "key sk-ant-api03-AbCdEfGhIjKlMnOp_1 used",
    "key **** used",
    "AbCd",
  ),
  row("a payment provider's key", "sk_live_abcdefghijk", "****", "abcd"),
  row("a GitHub token", "ghp_abcdefghijklmnopqrstuvwxyz0123456789", "****", "ghp"),
  row("a fine-grained GitHub token", "github_pat_11ABCDEFG0abcdefghijkl", "****", "11ABC"),
  row("a GitLab token", "glpat-abcdefghijklmnopqrst", "****", "abcd"),
  row("an AWS key id", "AKIAIOSFODNN7EXAMPLE", "****", "IOSF"),
  row("a Slack token", "xoxb-1234567890-abcdef", "****", "1234"),
  row("a Google key", `AIza${"a".repeat(35)}`, "****", "aaaa"),
  row("a JWT", "t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln!", "t=****!", "c2ln"),
  row("a private key", "-----BEGIN EC PRIVATE KEY-----\nMHcCAQ==", "****", "MHcC"),
  row("a password in a text", "connect password=hunter2, retry", "connect p****, retry", "hunter2"),
  row("a token in an environment", "API_KEY=x-1 node", "**** node", "x-1"),
  row("a secret in JSON", '{"user":1,"apiKey":"x-1"}', '{"user":1,"a****"}', "x-1"),
];

/** What looks a little like the above, and stays. */
export const HARMLESS_TEXTS: readonly string[] = [
  "GET /homes/1",
  "tokens: 12",
  "@otel-lifecycle/api@0.1.0",
  "risk-assessment-of-the-quarter",
  "https://a.example/users/1?page=2",
  "12:30:05",
  "a\\nb",
  "sk-short",
  // Templates, of SCIM for one, in names that have no http.route.
  "POST /Users/{id}",
  "GET /Users/:id/groups",
  "GET /home/<tab>",
  "GET /root/*",
  // Lists in texts that JSON holds.
  '{"content":"Steps:\\n1. Read.\\n2. Write.","to":"a:\\tb:\\uD83D\\uDE00"}',
  '{"arguments":"{\\"plan\\":\\"Do:\\\\nRead\\\\nWrite\\"}"}',
  '{"arguments":"{\\"plan\\":\\"Steps:\\\\n1. Read.\\"}"}',
  "Basic authentication failed",
  "AbortError",
];
