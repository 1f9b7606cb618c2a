// Camunda Modeler's own linter over BPMN files, and its FEEL over the cells of DMN files: `node lint.mjs file.bpmn file.dmn …`.
// Prints one line per report; exit code 1 if any is an error.
// @camunda/linting mixes module styles and JSON imports for a bundler, so it is bundled in memory first.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { Parser } from 'saxen';

const here = fileURLToPath(new URL('.', import.meta.url));
const CELLS = { inputEntry: 'unaryTests', outputEntry: 'expression', inputExpression: 'expression', literalExpression: 'expression' };

async function modelers() {
  const contents = `
    export { Linter } from '@camunda/linting/lib/Linter.js';
    export { FeelAnalyzer } from '@bpmn-io/feel-analyzer';
    export { camundaReservedNameBuiltins } from '@camunda/feel-builtins';`;
  const bundle = await build({
    stdin: { contents, resolveDir: here },
    bundle: true, write: false, format: 'esm', platform: 'node', logLevel: 'error',
  });
  const code = Buffer.from(bundle.outputFiles[0].contents).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}

const { Linter, FeelAnalyzer, camundaReservedNameBuiltins } = await modelers();
const diagrams = new Linter({ modeler: 'desktop', type: 'cloud' });

// The linter knows no DMN; a cell is read as its FEEL rule reads an expression of a diagram.
function cells(text) {
  const found = [], path = [];
  const parser = new Parser();
  parser.on('openTag', (name, attributes) => { path.push({ name: name.split(':').pop(), id: attributes().id }); });
  parser.on('closeTag', () => path.pop());
  const keep = (written, decode) => {
    const cell = path.at(-2);
    if (path.at(-1)?.name === 'text' && CELLS[cell?.name]) found.push({ id: cell.id, dialect: CELLS[cell.name], written: decode(written) });
  };
  parser.on('text', keep);
  parser.on('cdata', written => keep(written, same => same));
  parser.parse(text);
  return found;
}

function decisions(text) {
  const analyzers = Object.fromEntries(['expression', 'unaryTests'].map(dialect => [dialect,
    new FeelAnalyzer({ dialect, parserDialect: 'camunda', reservedNameBuiltins: camundaReservedNameBuiltins })]));
  return cells(text)
    .filter(({ written, dialect }) => written.trim() && written.trim() !== '-' && !analyzers[dialect].analyzeExpression(written).valid)
    .map(({ id, written }) => ({ category: 'error', id, rule: 'feel', message: `not a valid FEEL expression: ${written}` }));
}

let errors = 0;
for (const file of process.argv.slice(2)) {
  const text = await readFile(file, 'utf8');
  for (const { category, id, rule, message } of file.endsWith('.dmn') ? decisions(text) : await diagrams.lint(text)) {
    console.log(`${category}\t${file}\t${id}\t${rule}\t${message}`);
    errors += category === 'error' || category === 'rule-error';
  }
}
process.exitCode = errors > 0 ? 1 : 0;
