// node bench/feel/run.mjs: the reference evaluator against feelin, on the same expressions, each parsed once.
// feelin's public function parses on every call; its interpreter is taken out of the package so that it is not
// charged for that.
import {execFileSync} from 'node:child_process';
import {readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '..', '..');
const dist = join(here, 'node_modules', 'feelin', 'dist');
writeFileSync(join(dist, 'inside.js'), readFileSync(join(dist, 'index.js'), 'utf8') + '\nexport {interpreter, InterpreterContext, coerceContext};\n');
const {interpreter, InterpreterContext, coerceContext} = await import(join(dist, 'inside.js'));

execFileSync('cmake', ['--preset', 'release'], {cwd: root, stdio: 'ignore'});
execFileSync('cmake', ['--build', '--preset', 'release', '--target', 'bench_feel', '-j2'], {cwd: root, stdio: 'ignore'});
const file = join(here, 'expressions.json');
const ours = JSON.parse(execFileSync(join(root, 'build/release/tests/feel/bench_feel'), [file]));
const {context} = JSON.parse(readFileSync(file, 'utf8'));
const frame = coerceContext(context);

function nanoseconds(work) {
  let count = 1;
  const round = () => {
    const began = process.hrtime.bigint();
    for (let i = 0; i < count; ++i) work();
    return Number(process.hrtime.bigint() - began);
  };
  while (round() < 5e7) count *= 2;
  let best = round();
  for (let i = 0; i < 4; ++i) best = Math.min(best, round());
  return best / count;
}

const mean = (numbers) => Math.exp(numbers.reduce((sum, n) => sum + Math.log(n), 0) / numbers.length);
const ratios = [];
console.log('expression'.padEnd(84), 'zoneval ns'.padStart(11), 'feelin ns'.padStart(11), 'ratio'.padStart(7));
for (const row of ours) {
  const {root: run} = interpreter.evaluate(row.expression, frame, undefined, new InterpreterContext());
  const theirs = nanoseconds(() => run(frame));
  ratios.push(theirs / row.evaluate);
  console.log(row.expression.padEnd(84), row.evaluate.toFixed(0).padStart(11), theirs.toFixed(0).padStart(11), (theirs / row.evaluate).toFixed(1).padStart(7));
}
console.log(`evaluation: feelin takes ${mean(ratios).toFixed(1)} times as long (geometric mean; least ${Math.min(...ratios).toFixed(1)})`);
const bytes = ours.reduce((sum, row) => sum + Buffer.byteLength(row.expression), 0);
const time = ours.reduce((sum, row) => sum + row.parse, 0);
console.log(`parsing: ${(1e9 / (time / bytes * 100)).toFixed(0)} hundred-character expressions a second on one core`);
const feelinTime = ours.reduce((sum, row) => sum + nanoseconds(() => interpreter.evaluate(row.expression, frame, undefined, new InterpreterContext())), 0);
console.log(`parsing: feelin takes ${(feelinTime / time).toFixed(1)} times as long`);
