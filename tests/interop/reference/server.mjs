// The reference fixture server: node server.mjs --profile NAME --port N [--deflate] [--parser NAME] [--admin …]. Other
// arguments are naru's own and ignored.
import { parserNamed } from "../support/parsers.mjs";

function argument(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}
const has = (name) => process.argv.includes(name);

const { start } = await import(`./${argument("--profile")}.mjs`);
const { instrumented } = has("--admin") ? await import("./admin.mjs") : {};
const io = start(Number(argument("--port")), { deflate: has("--deflate"), parser: parserNamed(argument("--parser")) });
instrumented?.(io, { argument, has });
process.on("SIGTERM", () => process.exit(0));
