import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isName } from "../../dist/sanitise/name.js";
import { isRunName } from "../../dist/sanitise/run-name.js";
import { SECRETS } from "../support/secrets.ts";

// Chance may spell a word; the seed decides which chances are taken.
const CHANCES = { seed: 37, numRuns: 2000 };

const TOOLS = `task-create disk-usage count_tokens readFile2 mcp__github__create_issue web_search
  web_search_20250305 text_editor_20250124 str_replace_based_edit_tool multi_tool_use.parallel
  mcp__claude_ai_Google_Calendar__list_events mcp__playwright__browser_network_requests
  resolve-library-id get-library-docs functions.exec_command API-post-search firecrawl_scrape
  browser_take_screenshot read_graph sequentialthinking execute_sql list_directory_with_sizes
  TodoWrite WebFetch NotebookEdit ExitPlanMode BashOutput apply_patch update_plan shell k8s_apply
  base64_decode getUserId toJSON github:create_issue s3_put gpt-4o`;
const ERRORS = `Error TypeError AbortError TimeoutError DOMException _OTHER AI_APICallError
  AI_NoSuchToolError AI_RetryError AI_ToolCallNotFoundForApprovalError
  AI_UnsupportedModelVersionError APIConnectionTimeoutError APIUserAbortError InternalServerError
  UnprocessableEntityError ContentFilterFinishReasonError LengthFinishReasonError McpError
  BodyTimeoutError HeadersTimeoutError ResponseContentLengthMismatchError
  BalancedPoolMissingUpstreamError PrismaClientInitializationError OAuthError XMLHttpRequestError`;
const CODES = `ECONNRESET ECONNREFUSED ETIMEDOUT EAI_AGAIN ENOTFOUND EPIPE E2BIG EPROTONOSUPPORT
  UND_ERR_SOCKET UND_ERR_HEADERS_TIMEOUT ERR_HTTP2_STREAM_ERROR ERR_STREAM_PREMATURE_CLOSE
  DEPTH_ZERO_SELF_SIGNED_CERT UNABLE_TO_GET_ISSUER_CERT_LOCALLY CERT_HAS_EXPIRED P2002
  ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC HPE_INVALID_CONSTANT ABORT_ERR
  rate_limit_error overloaded_error insufficient_quota context_length_exceeded invalid_api_key
  model_not_found server_error provider_stream`;
const words = (text: string): readonly string[] => text.split(/\s+/);

describe("rule 36: a name is told by its form", () => {
  test.each(words(`${TOOLS} ${ERRORS} ${CODES}`))("%s is a name", (name) => {
    expect(isName(name)).toBe(true);
  });

  test.each([
    ["64 characters", `${"word-".repeat(7)}${"a".repeat(20)}-bcdefgh`, false],
    ["8 words", "a-b-c-d-e-f-g-h", true],
    ["9 words", "a-b-c-d-e-f-g-h-i", false],
    ["4 digits behind a word", "call2024", true],
    ["5 digits behind a word", "call20245", false],
    ["2 words with digits", "read2-write3", true],
    ["3 words with digits", "read2-write3-close4", false],
    ["20 small letters", "ababababababababab".padEnd(20, "ab"), true],
    ["21 small letters", "ababababababababab".padEnd(21, "ab"), false],
    ["16 capitals", "ABABABABABABABAB", true],
    ["17 capitals", "ABABABABABABABABA", false],
    ["nothing", "", false],
    ["a separator at the end", "read-", false],
    ["two hyphens", "read--file", false],
    ["three underscores", "read___file", false],
    ["digits in front", "2read", false],
    ["a path", "/home/anna/notes.txt", false],
    ["a relative path", "src/secret", false],
    ["a path on Windows", "C:\\Users\\anna", false],
    ["an address", "https://example.com/x", false],
    ["an address of mail", "anna@example.com", false],
    ["a sentence", "delete all my files", false],
    ["a control character", "read\u0000file", false],
    ["a line break at the end", "read\n", false],
    ["a lone surrogate", "read\uD83D", false],
    ["a letter beyond ASCII", "naïve", false],
    ["a megabyte", "a".repeat(1_000_000), false],
    ["no string", 42, false],
    ["an object that calls itself a name", { toString: () => "read" }, false],
  ])("%s: %j", (_, value, expected) => {
    expect(isName(value)).toBe(expected);
  });

  test("64 characters are a name, 65 are none", () => {
    const longest = "abcabcabcabcabcabcab-abcabcabcabcabcabcab-abcabcabcabcabcabcab-a";
    expect([longest.length, isName(longest), isName(`${longest}b`)]).toEqual([64, true, false]);
  });

  test.each(Object.entries(SECRETS))("%s is none", (_, secret) => {
    fc.assert(
      fc.property(secret, (value) => !isName(value) && !isRunName(value)),
      CHANCES,
    );
  });
});

describe("rule 36: a run's name is up to three names, or an operation", () => {
  test.each(["agent run", "invoke_agent planner", "chat gpt-4o", "POST /sessions/{id}/messages"])(
    "%s is one",
    (name) => {
      expect(isRunName(name)).toBe(true);
    },
  );

  test.each([
    "please delete my files",
    "agent  run",
    " agent",
    "What now?",
    "a-b-c-d-e-f-g-h i",
    "ls /home/anna",
  ])("%s is none", (name) => {
    expect(isRunName(name)).toBe(false);
  });
});
