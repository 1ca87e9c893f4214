// The pages' TypeScript has no type error.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const compiler = createRequire(import.meta.url).resolve("typescript/bin/tsc");
const project = fileURLToPath(new URL("../../web/tsconfig.json", import.meta.url));
const { status } = spawnSync(process.execPath, [compiler, "-p", project], { stdio: "inherit" });
console.log(`types: ${status === 0 ? "1 passed, 0 failed" : "0 passed, 1 failed"}`);
process.exit(status ?? 1);
