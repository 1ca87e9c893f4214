// Builds the pages: node web/build.mjs OUTDIR. Writes index.html and assets/NAME.HASH.ext; says what it wrote.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
if (!out) {
  console.error("usage: node web/build.mjs OUTDIR");
  process.exit(2);
}

// The client script is served by the server itself, so that page and server always fit.
const servedClient = {
  name: "served-client",
  setup: ({ onResolve }) =>
    onResolve({ filter: /^socket\.io-client$/ }, () => ({ path: "/socket.io/socket.io.esm.min.js", external: true })),
};

async function bundle(entry, name) {
  const { outputFiles } = await build({
    entryPoints: [path.join(here, entry)],
    bundle: true, minify: true, write: false, format: "esm", target: ["es2022", "chrome100", "firefox100", "safari15.4"],
    legalComments: "none", plugins: [servedClient],
  });
  return asset(name, outputFiles[0].contents);
}

async function asset(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const { name: stem, ext } = path.parse(name);
  const file = `assets/${stem}.${hash}${ext}`;
  await writeFile(path.join(out, file), bytes);
  console.log(`${file} ${bytes.length} bytes`);
  return `/${file}`;
}

await rm(path.join(out, "assets"), { recursive: true, force: true });
await mkdir(path.join(out, "assets"), { recursive: true });
const names = {
  "@SCRIPT@": await bundle("source/main.ts", "chat.js"),
  "@STYLE@": await bundle("style/chat.css", "chat.css"),
  "@ICON@": await asset("icon.svg", await readFile(path.join(here, "pages/icon.svg"))),
};
let page = await readFile(path.join(here, "pages/index.html"), "utf8");
for (const [mark, name] of Object.entries(names)) page = page.replaceAll(mark, name);
page = page.replace(/<!--.*?-->/gs, "").replace(/\n\s+/g, "\n");
await writeFile(path.join(out, "index.html"), page);
console.log(`index.html ${page.length} bytes`);
