// What was measured, where and when: the first line of a raw results file; and RESULTS.md made of such files.
//
//   node about.mjs "COMMAND"     prints the line
//   node about.mjs --report      prints RESULTS.md of the files in results/
import {execFileSync} from 'node:child_process';
import {existsSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {cpus, loadavg, release, tmpdir} from 'node:os';
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
    'load before': loadavg()[0].toFixed(1),
    descriptors: output('bash', '-c', 'ulimit -Hn'),
  };
}

// The files from the newest on, each with its runs of what no newer one has measured.
function newest() {
  const files = readdirSync(join(here, 'results')).filter((name) => name.endsWith('.jsonl')).sort().reverse();
  if (files.length === 0) throw new Error('no results yet: bench/run');
  const measured = new Set();
  return files.map((name) => {
    const [first, ...lines] = readFileSync(join(here, 'results', name), 'utf8').trim().split('\n');
    const runs = lines.filter((line) => !measured.has(JSON.parse(line).workload));
    for (const line of runs) measured.add(JSON.parse(line).workload);
    return {name, facts: JSON.parse(first), runs};
  }).filter(({runs}) => runs.length > 0);
}

function section({name, facts: {about: command, ...rest}, runs}) {
  const bare = join(tmpdir(), `naru-bench-${process.pid}.jsonl`);
  writeFileSync(bare, runs.join('\n') + '\n');
  const tables = output(join(here, 'compare'), 'all', '--report', bare, '--ref', 'naru');
  rmSync(bare);
  return `## ${rest.when.slice(0, 10)}: \`${command}\`

Raw lines: [results/${name}](results/${name}).

| what | |
| --- | --- |
${Object.entries(rest).map(([key, value]) => `| ${key} | ${value} |`).join('\n')}

${tables}
`;
}

function report() {
  return `# Figures

[README.md](README.md) says how to read them. Medians of interleaved rounds; server and load generator each on a core of their own, over loopback.
Each workload stands with the newest run of it.

${newest().map(section).join('\n')}`;
}

const [argument = ''] = process.argv.slice(2);
process.stdout.write(argument === '--report' ? report() : JSON.stringify(about(argument)) + '\n');
