// Builds a page: node web/build.mjs OUTDIR [chat|lab]. Writes index.html and assets/NAME.HASH.ext; says what it wrote.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

const kPages = {
  chat: { page: "pages/index.html", script: "source/main.ts", style: "style/chat.css", at: "/" },
  lab: { page: "pages/lab.html", script: "source/lab/main.ts", style: "style/lab.css", at: "/lab/" },
};
const here = path.dirname(fileURLToPath(import.meta.url));
const [out, what = "chat"] = process.argv.slice(2);
if (!out || !kPages[what]) {
  console.error("usage: node web/build.mjs OUTDIR [chat|lab]");
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
    legalComments: "eof", plugins: [servedClient],
  });
  return asset(name, outputFiles[0].contents);
}

async function asset(name, bytes) {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const { name: stem, ext } = path.parse(name);
  const file = `assets/${stem}.${hash}${ext}`;
  await writeFile(path.join(out, file), bytes);
  console.log(`${file} ${bytes.length} bytes`);
  return kPages[what].at + file;
}

await rm(path.join(out, "assets"), { recursive: true, force: true });
await mkdir(path.join(out, "assets"), { recursive: true });
const { page: source, script, style } = kPages[what];
const names = {
  "@SCRIPT@": await bundle(script, `${what}.js`),
  "@STYLE@": await bundle(style, `${what}.css`),
  "@ICON@": await asset("icon.svg", await readFile(path.join(here, "pages/icon.svg"))),
};
let page = await readFile(path.join(here, source), "utf8");
for (const [mark, name] of Object.entries(names)) page = page.replaceAll(mark, name);
page = page.replace(/<!--.*?-->/gs, "").replace(/\n\s+/g, "\n");
await writeFile(path.join(out, "index.html"), page);
console.log(`index.html ${page.length} bytes`);
