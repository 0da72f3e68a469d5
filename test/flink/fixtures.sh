#!/bin/bash
# fixtures.sh [NAME]: lets real Flink write test/fixtures and media/sample anew (those whose name contains NAME).
# Needs Linux, a JDK 17, and Maven, which loads Flink from Maven Central. Takes a few minutes.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
output=$root/test/fixtures
sample=$root/media/sample
mkdir -p "$output" "$sample"

command -v mvn > /dev/null || { echo "fixtures.sh needs Maven (mvn), which is not on the path." >&2; exit 1; }
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" > /dev/null || { echo "fixtures.sh needs a JDK 17: there is no java on the path." >&2; exit 1; }
found=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/ *java.specification.version = //p')
[ "$found" = 17 ] || { echo "fixtures.sh needs a JDK 17, but $java is Java $found. Set JAVA_HOME." >&2; exit 1; }

# Kryo 2, which Flink 1.20 serializes with, looks into the JDK's own classes.
opens=()
for package in lang util math net text time util.concurrent; do
  opens+=(--add-opens "java.base/java.$package=ALL-UNNAMED")
done

# RocksDB writes the name of the machine into its files, so the machine is given one that says nothing.
anonymous=(unshare --uts --map-root-user sh -c 'hostname localhost && exec "$@"' sh)
"${anonymous[@]}" true 2> /dev/null || {
  echo "fixtures.sh needs unshare (Linux, util-linux) and the right to make a UTS namespace." >&2
  exit 1
}

for release in 1.20 2.3; do
  mvn -q -B -f "$here/pom.xml" "-Pflink-$release" compile
  build=$(echo "$here/target/$release".*)
  "${anonymous[@]}" "$java" "${opens[@]}" -Xmx1g -Duser.timezone=UTC -Dorg.slf4j.simpleLogger.defaultLogLevel=off \
    -cp "$build/classes:$(cat "$build/classpath.txt")" fixtures.Main "$release" "$output" "$sample" "${1:-}"
done
