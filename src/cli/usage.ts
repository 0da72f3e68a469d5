/** Wrong usage of the command line: printed with a pointer to `--help`, exit code 2. */
export class UsageError extends Error {}

export const USAGE = `savepoint: look into and change Apache Flink savepoints and checkpoints.

  savepoint inspect PATH [--json]     what the snapshot is: version, kind, operators, states, types, files
      --names DIR                     look in the sources below DIR for the uids of operators that it knows
                                      by their hash
  savepoint dump PATH [options]       its entries, one JSON object a line
      --operator X                    only this operator (id, uid or name)
      --state S                       only this state
      --key JSON                      only this key; reads its key group only
      --namespace JSON                only this namespace
      --where EXPR                    only entries for which the CEL expression is true, over key,
                                      namespace, mapKey, value, timestamp and keyGroup
      --limit N                       stop after N lines
      --read-as CLASS=TYPE            read values of a serializer that only the job has ("unknown CLASS" in the
                                      type that inspect prints) as TYPE, a type as in plans; may be given several times
      --format ndjson|csv|parquet     default ndjson; parquet goes to a file, with types of its own columns
                                      for one --state of one --operator
      --out FILE                      write to FILE instead of standard output
  savepoint verify PATH [--json]      read everything to the last byte, list what is wrong, and what matters for
                                      a restore
  savepoint stats PATH [--json]       where the bytes are: by operator, state, subtask and key group; largest keys,
                                      when values were last used, when timers are due
  savepoint diff A B [options]        what differs from A to B: operators, states, types and entries, whatever their
                                      formats
      --operator X                    only this operator (id, uid or name)
      --limit N                       list so many added, removed and changed entries of each state, default 10
      --entries FILE                  write every entry that differs into FILE, one JSON object a line
      --json                          the same as JSON
  savepoint raw PATH [options]        state that is not entries: of coordinators and master hooks, channel
                                      state, raw state, and payloads of sources and sinks; a line a piece
      --operator X                    only this operator (id, uid or name)
      --what KIND                     only coordinator, master, channel, raw-keyed, raw-operator, legacy
                                      or payload
      --json                          with what it says, one JSON object a line
      --out DIR                       each piece as a file of its bytes, with an index
  savepoint copy PATH --out DIR       a self-contained copy: every file inside, paths relative
      --metadata-version N            2 to 6; default that of PATH
      --format canonical|heap         a savepoint in that format, whatever PATH is
  savepoint plan check PLAN [--json]  try a plan file on its snapshots and write nothing
  savepoint apply PLAN --out DIR      do what a plan file says, into a new folder
      --dry-run                       write nothing, say what would change
      --json                          the result as JSON
  savepoint rescale PATH --out DIR    for another parallelism; keys are moved by their proved hash
      --parallelism N
      --max-parallelism N
      --operator X                    only this operator; may be given several times
  savepoint modify PATH --out DIR     one change; for several, write a plan
      --operator X --state S          what to change
      --put JSON                      the value of --key (with --namespace and --map-key where needed),
                                      an element of an operator's list (with --subtask and --index: in its
                                      place), an entry of a broadcast state (--map-key); --ttl TIME: its stamp
      --put-timer                     a timer of --key at --timestamp TIME
      --delete                        what --key, --namespace, --map-key, --timestamp, --subtask, --index
                                      or --where EXPR choose
      --set EXPR | FIELD=EXPR         a new value for those, computed from the old one
      --set-hex HEX, --set-base64 B64 new bytes for those, or with --what coordinator, master (--name),
                                      raw-operator (--subtask, --partition) or raw-keyed (--key-group)
      --remove-state, --rename-state NAME, --remove-operator, --uid UID, --id HASH, --checkpoint-id N
  savepoint bootstrap DATA --out DIR  state made of the rows of a CSV, NDJSON, JSON or Parquet file, for one state
                                      of one operator; --dry-run alone shows the columns
      --uid UID [--parallelism N] [--max-parallelism N], or --operator X of the snapshot --from PATH
      --key EXPR --key-type TYPE      the key, CEL over row
      --state S --kind KIND --type TYPE --value EXPR
                                      value, list, map (--type twice, --map-key EXPR), reducing, aggregating;
                                      without a key operator-list, operator-union, broadcast (as a map)
      --ttl EXPR, --where EXPR, --merge replace|keep|append|EXPR, --on-bad-row stop|skip|N
      --format, --delimiter, --no-header, --metadata-version N
  savepoint decode DIR                decode serializer samples: every folder below DIR with the files
                                      serializer-snapshot and test-data

PATH is a snapshot folder, its _metadata file, or the single file of Flink 1.2.
Exit code: 0 done, 1 faults found or change refused, 2 wrong usage, 3 the input cannot be read.
`;
