// One module of web/source, compiled and imported into Node: for those that know no page.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";

export async function source(name) {
  const entry = fileURLToPath(new URL(`../../../web/source/${name}.ts`, import.meta.url));
  const { outputFiles } = await build({ entryPoints: [entry], bundle: true, format: "esm", write: false, external: ["socket.io-client"] });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
