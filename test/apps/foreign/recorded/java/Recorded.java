import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.logging.otlp.internal.traces.OtlpStdoutSpanExporter;
import io.opentelemetry.instrumentation.api.instrumenter.Instrumenter;
import io.opentelemetry.instrumentation.reactor.v3_1.ReactorAsyncOperationEndStrategy;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;

/** Spans of Java's OpenTelemetry around cancelled work, written as OTLP JSON to standard output. */
public final class Recorded {
  public static void main(String[] args) throws Exception {
    var exporter = OtlpStdoutSpanExporter.builder().setWrapperJsonObject(true).build();
    var provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build();
    var telemetry = OpenTelemetrySdk.builder().setTracerProvider(provider).build();
    var instrumenter =
        Instrumenter.<String, Object>builder(telemetry, "application", name -> name)
            .buildInstrumenter();
    var reactive =
        Instrumenter.<String, Mono>builder(telemetry, "application", name -> name)
            .buildInstrumenter();

    // What an instrumentation does around a call: a future that is cancelled, or times out.
    instrumented(instrumenter, "future cancelled", () -> {
      var future = new CompletableFuture<Void>();
      future.cancel(true);
      return future.join();
    });
    instrumented(
        instrumenter,
        "future timed out",
        () -> new CompletableFuture<Void>().get(20, TimeUnit.MILLISECONDS));
    instrumented(instrumenter, "thread interrupted", () -> {
      Thread.currentThread().interrupt();
      Thread.sleep(1);
      return null;
    });
    instrumented(instrumenter, "failed", () -> { throw new IllegalStateException("cancelled"); });

    // What @WithSpan does around a method that gives a Mono.
    var strategy =
        ReactorAsyncOperationEndStrategy.builder()
            .setCaptureExperimentalSpanAttributes(true)
            .build();
    var context = reactive.start(Context.root(), "mono cancelled");
    var mono = strategy.end(reactive, context, "mono cancelled", Mono.never(), Mono.class);
    ((Mono<?>) mono).subscribe().dispose();
    provider.close();
  }

  private static void instrumented(Instrumenter<String, Object> instrumenter, String name, Callable<?> work) {
    var context = instrumenter.start(Context.root(), name);
    try {
      instrumenter.end(context, name, work.call(), null);
    } catch (Throwable error) {
      instrumenter.end(context, name, null, error);
    }
  }
}
