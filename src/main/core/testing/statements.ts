import SqliteDatabase from 'better-sqlite3';

type Prepare = SqliteDatabase.Database['prepare'];

/** Records the text of every statement that is given to SQLite from now on, each once, until `stop`. */
export function recordStatements(): { readonly statements: ReadonlySet<string>; stop(): void } {
  const statements = new Set<string>();
  const prototype = SqliteDatabase.prototype as { prepare: Prepare };
  const { prepare } = prototype;
  prototype.prepare = function (this: SqliteDatabase.Database, text: string) {
    statements.add(text);
    return prepare.call(this, text);
  } as Prepare;
  return {
    statements,
    stop: () => {
      prototype.prepare = prepare;
    },
  };
}

/** How SQLite would do a statement on the database in a file: the lines of `EXPLAIN QUERY PLAN`. */
export function queryPlans(path: string): { planOf(statement: string): readonly string[]; close(): void } {
  const sqlite = new SqliteDatabase(path);
  return {
    planOf(statement) {
      const parameters = Array.from(statement.matchAll(/\?/g), () => null);
      const steps = sqlite.prepare(`EXPLAIN QUERY PLAN ${statement}`).all(...parameters) as {
        readonly detail: string;
      }[];
      return steps.map(({ detail }) => detail);
    },
    close: () => {
      sqlite.close();
    },
  };
}
