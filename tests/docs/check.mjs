// What the documents say is there, is there. docs/GUIDE.md quotes code that is compiled: each ```cpp block equals the
// region that the comment above it names. README.md quotes an example as a whole. tests/interop/CHECKLIST.md names tests:
// each exists.
//   node tests/docs/check.mjs           exit code 1 and one line for each difference
//   node tests/docs/check.mjs --write   writes the regions into the guide
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = `${root}docs/GUIDE.md`;
const problems = [];
const used = new Set();

// The lines between `// [guide: NAME]` and `// [guide end]`, without their common indentation.
function region(file, name) {
  const lines = readFileSync(root + file, "utf8").split("\n");
  const from = lines.findIndex((line) => line.trim() === `// [guide: ${name}]`);
  const to = lines.findIndex((line, i) => i > from && line.trim() === "// [guide end]");
  if (from < 0 || to < 0) return undefined;
  used.add(`${file}: ${name}`);
  const code = lines.slice(from + 1, to);
  const margin = Math.min(...code.filter((line) => line.trim()).map((line) => line.search(/\S/)));
  return code.map((line) => line.slice(margin)).join("\n") + "\n";
}

const kBlock = /(?:<!-- (\S+): (\S+) -->\n)?```cpp\n([^]*?)```/g;
const text = readFileSync(page, "utf8");
const quoted = text.replace(kBlock, (whole, file, name, code) => {
  const line = code.split("\n")[0];
  if (!file) return problems.push(`docs/GUIDE.md: no comment says which code this is: ${line}`), whole;
  const now = region(file, name);
  if (now === undefined) return problems.push(`${file}: there is no region ${name}`), whole;
  if (now !== code && !process.argv.includes("--write")) problems.push(`docs/GUIDE.md: differs from ${file}: ${name}`);
  return `<!-- ${file}: ${name} -->\n\`\`\`cpp\n${now}\`\`\``;
});
if (process.argv.includes("--write")) writeFileSync(page, quoted);

for (const file of new Set([...used].map((name) => name.split(": ")[0]))) {
  for (const [, name] of readFileSync(root + file, "utf8").matchAll(/\/\/ \[guide: (\S+)\]/g)) {
    if (!used.has(`${file}: ${name}`)) problems.push(`${file}: nobody quotes ${name}`);
  }
}
// README's server is the example, but for the comment at its head.
const kTwelveLines = "examples/twelve_lines/main.cpp";
const example = readFileSync(root + kTwelveLines, "utf8").replace(/^(\/\/.*\n)+/, "");
const readme = [...readFileSync(`${root}README.md`, "utf8").matchAll(/```cpp\n([^]*?)```/g)].map(([, code]) => code);
if (readme.length !== 1 || readme[0] !== example) problems.push(`README.md: its C++ is not ${kTwelveLines}`);

// Interop tests say their titles themselves; of other files the text is searched.
const titles = new Map();
function titlesOf(file) {
  if (!titles.has(file)) {
    const { stdout, stderr, status } = spawnSync(process.execPath, [`${root}tests/interop/${file}`], { env: { ...process.env, LIST: "1" }, encoding: "utf8" });
    if (status !== 0) problems.push(`${file}: does not list its tests: ${stderr}`);
    titles.set(file, stdout.split("\n"));
  }
  return titles.get(file);
}

const escape = (text) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
function exists(file, title) {
  const place = file.includes("/") ? file : `tests/interop/${file}`;
  if (!existsSync(root + place)) return false;
  const pattern = title.split("…").map(escape).join(".*");
  if (!file.includes("/")) return titlesOf(file).some((one) => new RegExp(`^${pattern}$`).test(one));
  const source = readFileSync(root + place, "utf8");
  return file.endsWith(".cpp") ? new RegExp(`TEST\\w*\\(\\w+, ${pattern}\\)`).test(source) : new RegExp(`^\\s*test(\\.\\w+)?\\((["'\`])(\\$\\{\\w+\\}:? )*${pattern}\\2, `, "m").test(source);
}

let named = 0;
for (const line of readFileSync(`${root}tests/interop/CHECKLIST.md`, "utf8").split("\n")) {
  const cells = line.split("|").map((cell) => cell.trim());
  if (cells.length !== 4 || cells[1] === "behaviour" || cells[1].startsWith("---")) continue;
  // A title may hold semicolons: a new test begins with a file's name.
  for (const one of cells[2].split(/; (?=\S+\.(?:mjs|cpp): )/)) {
    const at = one.indexOf(": ");
    named++;
    if (!exists(one.slice(0, at), one.slice(at + 2))) problems.push(`tests/interop/CHECKLIST.md: there is no test: ${one}`);
  }
}
for (const problem of problems) console.error(problem);
console.log(`docs: ${used.size} snippets, ${named} tests, ${problems.length} problems`);
process.exit(problems.length ? 1 : 0);
