// One module of web/source, compiled and imported into Node: for those that know no page.
import { build } from "esbuild";
import { webcrypto } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

globalThis.crypto ??= webcrypto; // Node 18

export async function source(name) {
  const entry = fileURLToPath(new URL(`../../../web/source/${name}.ts`, import.meta.url));
  const folder = await mkdtemp(path.join(tmpdir(), "naru-web-"));
  const outfile = path.join(folder, `${name}.mjs`);
  await build({ entryPoints: [entry], bundle: true, format: "esm", outfile });
  const module = await import(pathToFileURL(outfile));
  await rm(folder, { recursive: true });
  return module;
}
