// Spans of Go's OpenTelemetry around cancelled work, sent as OTLP to OTEL_EXPORTER_OTLP_ENDPOINT.
package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/trace"
)

func main() {
	ctx := context.Background()
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		panic(err)
	}
	provider := trace.NewTracerProvider(trace.WithBatcher(exporter))
	tracer := provider.Tracer("application")

	recorded := func(name string, ctx context.Context) {
		_, span := tracer.Start(context.Background(), name)
		<-ctx.Done()
		span.RecordError(ctx.Err())
		span.SetStatus(codes.Error, ctx.Err().Error())
		span.End()
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	recorded("context cancelled", cancelled)
	late, cancelLate := context.WithTimeout(ctx, 20*time.Millisecond)
	defer cancelLate()
	recorded("context timed out", late)

	asked := make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-r.Context().Done()
	}))
	client := http.Client{Transport: otelhttp.NewTransport(http.DefaultTransport, otelhttp.WithTracerProvider(provider))}
	get := func(ctx context.Context) {
		request, _ := http.NewRequestWithContext(ctx, "GET", server.URL, nil)
		if response, err := client.Do(request); err == nil {
			io.Copy(io.Discard, response.Body)
			response.Body.Close()
		}
	}
	aborted, abort := context.WithCancel(ctx)
	go func() { <-asked; abort() }()
	get(aborted)
	short, stop := context.WithTimeout(ctx, 50*time.Millisecond)
	defer stop()
	get(short)
	server.Close()
	if err := provider.Shutdown(ctx); err != nil {
		panic(err)
	}
}
