import { init } from "@sentry/node";

const { VENDOR_URL, VENDOR_OPTIONS = "{}" } = process.env;
const dsn = new URL("/1", VENDOR_URL);
dsn.username = "test";
init({ dsn: dsn.href, tracesSampleRate: 1, ...JSON.parse(VENDOR_OPTIONS) });
