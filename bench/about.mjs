// What was measured, where and when: the first line of a raw results file; and RESULTS.md made of such a file.
//
//   node about.mjs "COMMAND"     prints the line
//   node about.mjs --report      prints RESULTS.md of the newest file in results/
import {execFileSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {cpus, release, tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const manifest = (path) => JSON.parse(readFileSync(join(here, '..', path, 'package.json'), 'utf8'));
const output = (command, ...rest) => execFileSync(command, rest, {cwd: here, encoding: 'utf8'}).trim();

function about(command) {
  let commit = 'unknown';
  if (existsSync(join(here, '..', '.git'))) {
    commit = output('git', 'describe', '--always', '--dirty', '--abbrev=12');
  }
  return {
    about: command,
    when: new Date().toISOString(),
    naru: `${manifest('.').version} (${commit})`,
    'socket.io': manifest('node_modules/socket.io').version,
    ws: manifest('node_modules/ws').version,
    node: process.version,
    compiler: output('g++', '--version').split('\n')[0],
    machine: `${cpus().length} × ${cpus()[0].model}, Linux ${release()}`,
    descriptors: output('bash', '-c', 'ulimit -Hn'),
  };
}

function newest() {
  const files = readdirSync(join(here, 'results')).filter((name) => name.endsWith('.jsonl')).sort();
  if (files.length === 0) throw new Error('no results yet: bench/run');
  return files.at(-1);
}

function report() {
  const name = newest();
  const [first, ...runs] = readFileSync(join(here, 'results', name), 'utf8').trim().split('\n');
  const facts = JSON.parse(first);
  const bare = join(tmpdir(), `naru-bench-${process.pid}.jsonl`);
  writeFileSync(bare, runs.join('\n') + '\n');
  const tables = output(join(here, 'compare'), 'all', '--report', bare, '--ref', 'naru');
  const {about: command, ...rest} = facts;
  return `# Figures

Made by \`${command}\` from the raw lines in [results/${name}](results/${name});
[README.md](README.md) says how to read them. Medians of interleaved rounds; server and load generator each on a core of their own, over loopback.

| what | |
| --- | --- |
${Object.entries(rest).map(([key, value]) => `| ${key} | ${value} |`).join('\n')}

${tables}
`;
}

const [argument = ''] = process.argv.slice(2);
process.stdout.write(argument === '--report' ? report() : JSON.stringify(about(argument)) + '\n');
