// Settings of the server that a store relies on. What can be set is set; what must be written down is said.
import { posix } from 'node:path';

const isOff = (value) => value === 'OFF' || value === '0';

/** A relative folder of a server's is within its data. */
const isWithin = (folder, datadir) => !posix.relative(datadir, posix.resolve(datadir, folder)).startsWith('..');

/** Where every program of the machine keeps what is temporary. */
const isShared = (folder) => ['', '/tmp', '/var/tmp', '/usr/tmp'].includes(folder.replace(/\/+$/, ''));

const wanted = [
  {
    name: 'event_scheduler',
    value: 'ON',
    isRight: (value) => value === 'ON' || value === '1',
    why: 'deleted accounts are removed and burning statements ended by events',
  },
  {
    name: 'max_prepared_stmt_count',
    value: 100_000,
    isRight: (value) => Number(value) >= 100_000,
    why: 'one hostile client can use up the default of 16,382 for everybody, in seconds',
  },
  {
    name: 'max_connect_errors',
    value: 1_000_000_000,
    isRight: (value) => Number(value) >= 1_000_000,
    why: 'after 100 broken connections the server shuts out a whole address: a school behind one router',
  },
  {
    name: 'local_infile',
    value: 'OFF',
    isRight: isOff,
    why: 'nothing here reads files',
  },
  {
    name: 'performance_schema',
    value: null,
    on: 'MySQL',
    isRight: (value) => value === 'ON' || value === '1',
    why: 'the reaper finds burning statements there',
  },
  {
    name: 'general_log',
    value: 'OFF',
    isRight: isOff,
    why: 'the general log writes down what learners say; on MariaDB every app then sees the sign-ins of others',
  },
  {
    name: 'slow_query_log',
    value: 'OFF',
    isRight: isOff,
    why: 'the slow log writes down what learners say; on MariaDB every app then sees the sign-ins of others',
  },
  {
    name: 'connect_timeout',
    value: 5,
    isRight: (value) => Number(value) <= 5,
    why: 'connections that never say anything count among max_connections until then',
  },
  {
    name: 'connection_memory_limit',
    value: 134_217_728,
    on: 'MySQL',
    isRight: (value) => Number(value) <= 1_073_741_824,
    why: 'one connection can otherwise fill the memory with variables of its own',
  },
  {
    name: 'admin_address',
    value: null,
    written: '127.0.0.1, and sign in at admin_port (33062)',
    on: 'MySQL',
    isRight: (value) => value !== '',
    why: 'when strangers hold all connections, you get in there',
  },
  {
    name: 'extra_port',
    value: null,
    written: '33062, and sign in there; extra_max_connections = 2',
    on: 'MariaDB',
    isRight: (value) => value !== '0',
    why: 'when strangers hold all connections, you get in there',
  },
  {
    name: 'max_tmp_total_space_usage',
    value: null,
    written: '4G, or what the disk can spare',
    on: 'MariaDB',
    isRight: (value) => Number(value) > 0,
    why: "one statement's temporary tables can otherwise fill the disk",
  },
  {
    name: 'innodb_temp_tablespaces_dir',
    value: null,
    written: 'a folder on a disk of its own',
    on: 'MySQL',
    isRight: (value, { datadir }) => !isWithin(value, datadir),
    why: "one statement's temporary tables can fill the disk with 4 GB in the 20 s that it has, and no setting limits them",
  },
  {
    name: 'tmpdir',
    value: null,
    written: 'a folder on a disk of its own',
    on: 'MariaDB',
    // From 11.5 on there is a limit, which is checked above.
    isRight: (value, { datadir, max_tmp_total_space_usage: limit }) =>
      limit !== undefined || !value.split(':').some((folder) => isShared(folder) || isWithin(folder, datadir)),
    why: "one statement's temporary tables can fill the disk with 4 GB in the 20 s that it has, and this version has no setting that limits them",
  },
  {
    name: 'require_secure_transport',
    value: null,
    isRight: (value) => value === 'ON' || value === '1',
    why: 'without it named accounts may sign in without TLS (apps never do)',
  },
];

/** Answers what is not as it should be. With `mend`, what can be set while the server runs is set first. */
export async function checkSettings(admin, { product, mend }) {
  const [rows] = await admin.query('SHOW GLOBAL VARIABLES');
  const settings = Object.fromEntries(rows.map(({ Variable_name: name, Value: value }) => [name, value]));
  const warnings = [];
  for (const { name, value, written, isRight, why, on = product } of wanted) {
    const found = settings[name];
    if (on !== product || found === undefined || isRight(found, settings)) continue;
    let set = false;
    if (mend && value !== null) {
      set = await admin.query(`SET GLOBAL ${name} = ${value}`).then(
        () => true,
        () => false,
      );
    }
    const line = `${name} = ${written ?? value ?? 'ON'}`;
    warnings.push(
      `${name} was ${found}: ${why}. ${set ? 'It is set now, but write it into the configuration too, under [mysqld]:' : 'Write into the configuration under [mysqld]:'} ${line}`,
    );
  }
  return warnings;
}
