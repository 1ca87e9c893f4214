// The reference fixture server: node server.mjs --profile NAME --port N [--deflate] [--parser NAME]. Other arguments
// are naru's own and ignored.
import { parserNamed } from "../support/parsers.mjs";

function argument(name) {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
}

const { start } = await import(`./${argument("--profile")}.mjs`);
start(Number(argument("--port")), { deflate: process.argv.includes("--deflate"), parser: parserNamed(argument("--parser")) });
process.on("SIGTERM", () => process.exit(0));
