import tracer from "dd-trace";

tracer.init({ url: process.env.VENDOR_URL });
new tracer.TracerProvider().register();
