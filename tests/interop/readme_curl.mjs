// README shows every door with curl: each command is run against `naru serve`, and what README says comes is what
// comes. Positions are another server's: the first that is seen is the first in both, and so on.
//   NARU_BIN=…/naru node tests/interop/readme_curl.mjs --write    puts a real run into README.md
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Serving } from "./support/command.mjs";
import { suite, within } from "./support/suite.mjs";

const kReadme = fileURLToPath(new URL("../../README.md", import.meta.url));
const kBegin = "<!-- curl: what a real run said; tests/interop/readme_curl.mjs --write -->\n";
const kEnd = "<!-- curl: end -->";
const kPort = "8005"; // in README
const kPosition = /"position":"([^"]+)"/g;

// Each step: what it shows, a command (POS: where the last page ended), and after how many lines a stream is left.
// `meanwhile`: a command that runs once the other one waits.
const kNews = "localhost:8005/channels/news";
const kSteps = [
  ["Publish. Any `Content-Type` will do; the same `Idempotency-Key` again is the same message.",
    { run: `curl -d '{"score":"1:0"}' -H 'Content-Type: application/json' -H 'Idempotency-Key: g1' ${kNews}` },
    { run: `curl -d '{"score":"1:0"}' -H 'Content-Type: application/json' -H 'Idempotency-Key: g1' ${kNews}` },
    { run: `curl -d 'half time' -H 'Content-Type: text/plain' -H 'Naru-Event: note' ${kNews}` }],
  ["A page; asked again with its ETag, 304 says that there is nothing new.",
    { run: `curl ${kNews}` },
    { run: `curl -s -o /dev/null -w '%{http_code}\\n' -H 'If-None-Match: "POS"' ${kNews}` }],
  ["A long poll, answered as soon as somebody publishes.",
    { run: `curl '${kNews}?since=POS&wait=30'`, meanwhile: `curl -d '{"score":"2:0"}' -H 'Content-Type: application/json' ${kNews}` }],
  ["Streams: one JSON object a line, the data alone, server-sent events.",
    { run: `curl -N -H 'Accept: application/x-ndjson' '${kNews}?since=first'`, lines: 4 },
    { run: `curl -N -H 'Accept: text/plain' '${kNews}?since=first'`, lines: 3 },
    { run: `curl -N -H 'Accept: text/event-stream' '${kNews}?since=first'`, lines: 13 }],
  ["Several channels in one connection, and a batch to several.",
    { run: `printf '{"channel":"news","data":1}\\n{"channel":"weather","text":"fog"}\\n' | curl --data-binary @- -H 'Content-Type: application/x-ndjson' localhost:8005/channels` },
    { run: "curl 'localhost:8005/channels?channels=news,weather&since=first&limit=2'" }],
  ["A page for people, without any script.",
    { run: `curl -s -H 'Accept: text/html' ${kNews} | grep -o '<title>.*</title>'` }],
  ["WebSocket and Socket.IO, which curl does not speak, with the command's own client.",
    { run: "naru tail news --transport=ws --since=first --url=http://localhost:8005", lines: 4 },
    { run: "naru tail news --transport=socketio --since=first --url=http://localhost:8005", lines: 4 }],
];

// Runs one command in a shell, until it ends or has said so many lines.
function say(command, server, { lines, meanwhile } = {}) {
  const real = command.replaceAll(`localhost:${kPort}`, `localhost:${server.port}`).replace(/^naru /, `'${process.env.NARU_BIN}' `).replaceAll(/(^|\| )curl /g, "$1curl -sS ");
  return within(20_000, new Promise((resolve, reject) => {
    // A group of its own, so that what the shell has started ends with it.
    const child = spawn("bash", ["-c", real], { stdio: ["ignore", "pipe", "pipe"], detached: true });
    let text = "";
    let problem = "";
    let hasLeft = false;
    const leave = () => {
      if (hasLeft) return;
      hasLeft = true;
      try {
        process.kill(-child.pid, "SIGTERM");
      } catch {
        // it has ended by itself
      }
    };
    child.stderr.setEncoding("utf8").on("data", (part) => (problem += part));
    child.stdout.setEncoding("utf8").on("data", (part) => {
      text += part;
      if (lines && text.split("\n").length > lines) leave();
    });
    child.on("error", reject);
    child.on("close", () => (problem && !lines ? reject(new Error(`${command}: ${problem}`)) : resolve(text.split("\n").slice(0, lines).join("\n").trimEnd())));
    // Nothing depends on who is first: a poll that comes later is answered at once, with the same page.
    if (meanwhile) setTimeout(() => say(meanwhile, server).catch(reject), 300);
  }), command);
}

async function realRun(server) {
  const blocks = [];
  let last = "";
  for (const [what, ...steps] of kSteps) {
    const shown = [];
    for (const { run, lines, meanwhile } of steps) {
      const command = run.replaceAll("POS", last);
      const output = await say(command, server, { lines, meanwhile });
      if (run === `curl ${kNews}`) last = [...output.matchAll(kPosition)].at(-1)[1];
      shown.push(`$ ${command}`, ...(meanwhile ? [`$ ${meanwhile}     # elsewhere`] : []), output);
    }
    blocks.push(`${what}\n\n\`\`\`console\n${shown.join("\n").replaceAll(String(server.port), kPort)}\n\`\`\`\n`);
  }
  return `\n${blocks.join("\n")}`;
}

// Positions by the order in which they are seen first.
function normalised(text) {
  const seen = [...new Set([...text.matchAll(kPosition)].flatMap(([, position]) => [position, ...position.split("~")]))];
  const longestFirst = seen.map((position, i) => [position, `<${i}>`]).sort(([a], [b]) => b.length - a.length);
  return longestFirst.reduce((all, [position, name]) => all.replaceAll(position, name), text);
}

async function quoted() {
  const readme = await readFile(kReadme, "utf8");
  const [from, to] = [readme.indexOf(kBegin), readme.indexOf(kEnd)];
  assert.ok(from >= 0 && to > from, "README.md has no place for what curl said");
  return { readme, before: readme.slice(0, from + kBegin.length), text: readme.slice(from + kBegin.length, to), after: readme.slice(to) };
}

if (process.argv.includes("--write")) {
  const server = await Serving.start();
  const { before, after } = await quoted();
  await writeFile(kReadme, before + (await realRun(server)) + after);
  await server.end();
  process.exit(0);
}

const test = suite("curl in README");
test("curl is there", () => new Promise((resolve, reject) => execFile("curl", ["--version"], (error) => (error ? reject(error) : resolve()))));
test("what README shows is what comes", async (context) => {
  const server = await Serving.start();
  context.after(() => server.end());
  const { text } = await quoted();
  assert.equal(normalised(await realRun(server)), normalised(text));
}, 120_000);
await test.run();
