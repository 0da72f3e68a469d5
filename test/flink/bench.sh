#!/bin/bash
# bench.sh OUT [KEYS]: lets real Flink write a big snapshot of known content below OUT, which must not exist.
#
#   bash test/flink/bench.sh /tmp/bench             3,100,000 keys: about 21 million entries, 4 GB on disk
#   bash test/flink/bench.sh /tmp/bench 100000      the same in small
#
# OUT/canonical, OUT/heap, OUT/rocksdb hold savepoints (canonical; native of the heap backend; native of RocksDB), and
# OUT/incremental an incremental checkpoint of RocksDB that seven rounds of changes and checkpoints have left behind. All four
# have the same content: an operator with parallelism 4 and max parallelism 128, keyed by string, with a POJO, a map, a list, a
# value with time to live, and event timers. OUT/counts.json says where they lie and what is in them, worked out without Flink.
#
# `npm run bench -- OUT` measures on them. Needs Linux, a JDK 17, Maven, and for the full size 10 GB of memory;
# HEAP sets what the JVM may take of it (8g).
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] && [ $# -le 2 ] || { sed -n '2s/^# //p' "$0" >&2; exit 2; }
out=$1
keys=${2:-3100000}
[ ! -e "$out" ] || { echo "bench.sh: $out exists already." >&2; exit 1; }
command -v mvn > /dev/null || { echo "bench.sh needs Maven (mvn), which is not on the path." >&2; exit 1; }

mvn -q -B -f "$here/bench/pom.xml" compile
build=$here/target/bench
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
for step in rocksdb heap counts; do
  "$java" --add-opens java.base/java.util=ALL-UNNAMED --add-opens java.base/java.lang=ALL-UNNAMED \
    -Xmx"${HEAP:-8g}" -Dbench.buffered=true -Dorg.slf4j.simpleLogger.defaultLogLevel=off \
    -cp "$build/classes:$(cat "$build/classpath.txt")" bench.Generator "$step" "$out" "$keys"
done
du -sh "$out"/canonical "$out"/heap "$out"/rocksdb "$out"/incremental
