// Does every include stand in src/layers.txt? Exit code 1 and one line for each that does not.
import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {check, cycles, parseTable} from './layers.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const table = parseTable(readFileSync(join(root, 'src', 'layers.txt'), 'utf8'));
const {files, breaches} = check(root, table);
const problems = [...breaches, ...cycles(table).map((cycle) => 'src/layers.txt: a circle: ' + cycle)];
if (files === 0) problems.push('no files were found: is this the right folder?');
for (const problem of problems) console.error(problem);
console.log(`layers: ${files} files, ${problems.length} breaches`);
process.exit(problems.length === 0 ? 0 : 1);
