// Camunda Modeler's own linter over BPMN files: `node lint.mjs file.bpmn …`. Prints one line per report; exit code 1 if any is an error.
// @camunda/linting mixes module styles and JSON imports for a bundler, so it is bundled in memory first.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));

async function linter() {
  const bundle = await build({
    stdin: { contents: "export { Linter } from '@camunda/linting/lib/Linter.js'", resolveDir: here },
    bundle: true, write: false, format: 'esm', platform: 'node', logLevel: 'error',
  });
  const code = Buffer.from(bundle.outputFiles[0].contents).toString('base64');
  const { Linter } = await import(`data:text/javascript;base64,${code}`);
  return new Linter({ modeler: 'desktop', type: 'cloud' });
}

const modeler = await linter();
let errors = 0;
for (const file of process.argv.slice(2)) {
  for (const { category, id, rule, message } of await modeler.lint(await readFile(file, 'utf8'))) {
    console.log(`${category}\t${file}\t${id}\t${rule}\t${message}`);
    errors += category === 'error' || category === 'rule-error';
  }
}
process.exitCode = errors > 0 ? 1 : 0;
