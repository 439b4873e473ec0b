// Streams
export { noteFailure } from "./failures/note-failure.ts";
// Their formats
export { type AiSdkPart, aiSdkParts } from "./formats/ai-sdk-parts.ts";
export {
  type AnthropicMessageEvent,
  anthropicMessageEvents,
} from "./formats/anthropic-message-events.ts";
export { inSse, type SseMessage, type SseMessageFields } from "./formats/in-sse.ts";
export {
  type OpenAiChatChoice,
  type OpenAiChatChunk,
  openAiChatChunks,
} from "./formats/openai-chat-chunks.ts";
export {
  type OpenAiResponsesEvent,
  openAiResponsesEvents,
} from "./formats/openai-responses-events.ts";
export { type ObserveOptions, observeStream } from "./observe-stream.ts";
// Tools
export { type ObservedTool, observeTool } from "./observe-tool.ts";
export type { Note, StreamFormat, StreamReader } from "./stream-format.ts";
