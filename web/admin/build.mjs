// The official Admin UI's page as naru serves it: node web/admin/build.mjs DIST OUTDIR, where DIST is the ui/dist of
// npm's @socket.io/admin-ui. Its files as they are, with its licence, without source maps; in index.html the font and the icons that
// come from other hosts give way to icons.css, and two small scripts go first.
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const [dist, out] = process.argv.slice(2);
if (!out) {
  console.error("usage: node web/admin/build.mjs DIST OUTDIR");
  process.exit(2);
}

rmSync(out, { recursive: true, force: true });
cpSync(dist, out, { recursive: true, filter: (file) => !file.endsWith(".map") });
cpSync(path.join(dist, "../../LICENSE"), path.join(out, "LICENSE.txt"));
for (const name of ["icons.css", "here.js"]) cpSync(path.join(here, name), path.join(out, name));

const foreign = /<link rel="stylesheet" href="https:[^>]*>/g;
const page = readFileSync(path.join(dist, "index.html"), "utf8");
if (page.match(foreign)?.length !== 2 || !page.includes("</head>")) throw new Error("the Admin UI's index.html is not the one known");
const ours = '<link href="icons.css" rel="stylesheet"><script src="server.js"></script><script src="here.js"></script>';
writeFileSync(path.join(out, "index.html"), page.replace(foreign, "").replace("</head>", ours + "</head>"));
