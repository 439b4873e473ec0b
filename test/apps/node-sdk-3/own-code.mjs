import "./node-sdk.mjs";
import "./work.mjs";
