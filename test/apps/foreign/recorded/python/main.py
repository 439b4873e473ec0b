"""Spans of Python's OpenTelemetry around cancelled work, sent to OTEL_EXPORTER_OTLP_ENDPOINT."""

import asyncio
import socket
import struct

import aiohttp
import grpc
import httpx
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.aiohttp_client import AioHttpClientInstrumentor
from opentelemetry.instrumentation.grpc import aio_client_interceptors
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
AioHttpClientInstrumentor().instrument()
HTTPXClientInstrumentor().instrument()
tracer = trace.get_tracer("application")


async def in_case(name, work):
    """Does something inside a span that names the case and says nothing of how it ended."""
    with tracer.start_as_current_span(name):
        await asyncio.gather(asyncio.create_task(work), return_exceptions=True)


async def cancelled(work):
    task = asyncio.create_task(work)
    await asyncio.sleep(0.05)
    task.cancel()
    await task


async def with_span():
    with tracer.start_span("with start_span()"):
        await asyncio.sleep(3600)


async def with_current_span():
    with tracer.start_as_current_span("with start_as_current_span()"):
        await asyncio.sleep(3600)


async def swallowing():
    with tracer.start_span("swallowed") as span:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError as error:
            span.record_exception(error)


async def timing_out():
    with tracer.start_span("around a timeout"):
        async with asyncio.timeout(0.02):
            await asyncio.sleep(3600)


async def serve(reader, writer):
    """Never answers; under /breaks it resets the connection, under /closes it closes it."""
    line = await reader.readline()
    if b"/breaks" in line:
        linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()
    if b"/closes" in line:
        writer.close()


async def by_aiohttp(url, timeout=None):
    limit = aiohttp.ClientTimeout(total=timeout)
    async with aiohttp.ClientSession(timeout=limit) as client, client.get(url) as response:
        await response.read()


async def by_httpx(url, timeout=None):
    async with httpx.AsyncClient(timeout=timeout) as client:
        await client.get(url)


async def http_clients():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    url = "http://127.0.0.1:%d" % server.sockets[0].getsockname()[1]
    for name, get in (("aiohttp", by_aiohttp), ("httpx", by_httpx)):
        await in_case(f"{name}, cancelled", cancelled(get(f"{url}/never")))
        await in_case(f"{name}, timed out", get(f"{url}/never", 0.05))
        await in_case(f"{name}, connection closed", get(f"{url}/closes"))
        await in_case(f"{name}, connection reset", get(f"{url}/breaks"))


async def grpc_client():
    async def never(request, context):
        await asyncio.sleep(3600)

    handler = grpc.method_handlers_generic_handler(
        "app.Agent", {"Never": grpc.unary_unary_rpc_method_handler(never)}
    )
    server = grpc.aio.server()
    server.add_generic_rpc_handlers((handler,))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    address, interceptors = f"127.0.0.1:{port}", aio_client_interceptors()
    async with grpc.aio.insecure_channel(address, interceptors=interceptors) as channel:
        call = channel.unary_unary("/app.Agent/Never")

        async def calling(timeout):
            await call(b"", timeout=timeout)

        await in_case("grpc, deadline", calling(0.1))
    await server.stop(None)


async def main():
    await in_case("asyncio, cancelled", cancelled(with_span()))
    await in_case("asyncio, cancelled in the current span", cancelled(with_current_span()))
    await in_case("asyncio, cancelled, and swallowed", cancelled(swallowing()))
    await in_case("asyncio, timed out", timing_out())
    await http_clients()
    await grpc_client()


asyncio.run(main())
provider.shutdown()
