// The receiver of the soak, a process of its own: takes everything and looks at nothing.
import { startSink } from "../collector/sink.ts";

const sink = await startSink();
process.send?.(sink.url);
process.on("disconnect", () => void sink.close());
