// Reads resources/account-store/*.sql: statements end with a line `//`, {{names}} are filled in.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const folder = resolve(import.meta.dirname, '../../resources/account-store');

/** The statements of a file, in order, filled in. */
export function readStatements(file, values) {
  return readFileSync(join(folder, file), 'utf8')
    .split(/^\/\/$/m)
    .map((statement) => withoutLeadingComments(statement))
    .filter((statement) => statement !== '')
    .map((statement) => fill(statement, values));
}

/** The routines of a file: their names, a stamp that changes when they do, and the statement that creates them. */
export function readRoutines(file, values) {
  return readStatements(file, { ...values, stamp: '{{stamp}}' }).map((template) => {
    const name = /^CREATE .*? PROCEDURE (\w+)/.exec(template)[1];
    const stamp = `botchat ${createHash('sha256').update(template).digest('hex').slice(0, 16)}`;
    return { name, stamp, statement: template.replace('{{stamp}}', stamp) };
  });
}

function withoutLeadingComments(statement) {
  return statement.replace(/^(\s*--.*\n|\s+)*/, '').trimEnd();
}

function fill(statement, values) {
  return statement.replaceAll(/\{\{(\w+)\}\}/g, (_, name) => {
    if (!Object.hasOwn(values, name)) throw new Error(`Nothing to fill {{${name}}} with`);
    return values[name];
  });
}
