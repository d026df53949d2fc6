#!/usr/bin/env bash
# Kills a run of a pipeline program with SIGKILL at random moments and checks that every next run completes, repeats
# nothing that was finished, leaves nothing half-written, and ends with the fingerprints of an undisturbed run.
#
#   tests/crash/kill9.sh [KILLS] [SEED] [ROWS]      (defaults 50, 1, 2000; build the sample with -c Release first)
set -euo pipefail
cd "$(dirname "$0")/../.."
kills=${1:-50} RANDOM=${2:-1} rows=${3:-2000}
program=(artifacts/bin/ConsumerComplaints/release*/ConsumerComplaints)
[ -x "${program[0]}" ] || { echo "There is no ${program[0]}. Build first: dotnet build -c Release samples/ConsumerComplaints"; exit 2; }
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT

run() { "${program[0]}" run --rows "$rows" --home "$1" --json; }
# node → fingerprints of its outputs, from the summary of a run
fingerprints() { python3 -c '
import json, sys
for node in sorted(json.load(open(sys.argv[1]))["nodes"], key=lambda n: n["node"]):
    print(node["node"], json.dumps(node.get("outputs"), sort_keys=True))' "$1"; }
# how many finished executions of a node have the same identity: more than one means that finished work was repeated
repeated() { python3 -c '
import sqlite3, sys
db = sqlite3.connect(sys.argv[1] + "/metadata.sqlite")
print(sum(n - 1 for (n,) in db.execute("""SELECT count(*) FROM Execution e
  JOIN ExecutionProperty p ON p.execution_id = e.id AND p.name = ? WHERE e.last_known_state = 3 GROUP BY p.string_value""", ("identity",))))' "$1"; }
# artifacts whose files are not what the store says, and files that the store knows nothing of
damaged() { python3 - "$1" <<'PY'
import hashlib, os, sqlite3, struct, sys
home = sys.argv[1]
db = sqlite3.connect(home + "/metadata.sqlite")
known = {uri: fp for uri, fp in db.execute("""SELECT a.uri, p.string_value FROM Artifact a
  JOIN ArtifactProperty p ON p.artifact_id = a.id AND p.name = 'fingerprint' WHERE a.state = 2 AND a.uri LIKE 'artifacts/%'""")}
def digest(root):
    names = sorted(os.path.relpath(os.path.join(d, f), root) for d, _, fs in os.walk(root) for f in fs)
    total = hashlib.sha256()
    for name in names:
        content = open(os.path.join(root, name), "rb").read()
        total.update(name.encode() + b"\0" + struct.pack("<q", len(content)) + hashlib.sha256(content).digest())
    return total.hexdigest()
bad = [uri for uri, fp in known.items() if not os.path.isdir(f"{home}/{uri}") or digest(f"{home}/{uri}") != fp]
root = home + "/artifacts"
for pipeline in os.listdir(root):
    if pipeline.startswith("."):
        bad += [f"{pipeline}/{left}" for left in os.listdir(f"{root}/{pipeline}")]
        continue
    for node in os.listdir(f"{root}/{pipeline}"):
        for output in os.listdir(f"{root}/{pipeline}/{node}"):
            for execution in os.listdir(f"{root}/{pipeline}/{node}/{output}"):
                uri = f"artifacts/{pipeline}/{node}/{output}/{execution}"
                if uri not in known: bad.append(uri + " (unknown to the store)")
serving = home + "/serving"
for name in os.listdir(serving) if os.path.isdir(serving) else []:
    bad += [f"serving/{name}/{v}" for v in os.listdir(f"{serving}/{name}") if not v.isdigit() and v != ".push.lock"]
print(len(bad)); [print(b, file=sys.stderr) for b in bad]
PY
}

echo "undisturbed run, $rows rows"
start=$(date +%s.%N); run "$work/calm" > "$work/calm.json" 2> "$work/calm.err"; end=$(date +%s.%N)
seconds=$(echo "$end - $start" | bc)
fingerprints "$work/calm.json" > "$work/calm.txt"
echo "took $seconds s; killing at $kills random moments"

completed=0 equal=0 repeats=0 halves=0 killed=0
for ((i = 1; i <= kills; i++)); do
    home=$work/home-$i
    pause=$(echo "scale=3; $seconds * $((RANDOM % 1000)) / 1000" | bc)
    run "$home" > /dev/null 2>&1 & pid=$!
    sleep "$pause"
    kill -9 $pid 2> /dev/null && killed=$((killed + 1)) || true
    wait $pid 2> /dev/null || true
    if run "$home" > "$work/after.json" 2> "$work/after.err"; then completed=$((completed + 1)); else echo "kill $i at $pause s: the next run failed:"; cat "$work/after.err" "$work/after.json"; continue; fi
    fingerprints "$work/after.json" > "$work/after.txt"
    if cmp -s "$work/calm.txt" "$work/after.txt"; then equal=$((equal + 1)); else echo "kill $i at $pause s: other fingerprints:"; diff "$work/calm.txt" "$work/after.txt" || true; fi
    repeats=$((repeats + $(repeated "$home")))
    halves=$((halves + $(damaged "$home")))
    rm -rf "$home"
done
echo "killed $killed of $kills (the others had ended before); next run completed $completed, equal fingerprints $equal, finished nodes repeated $repeats, half-written or orphaned artifacts $halves"
[ $completed = "$kills" ] && [ $equal = "$kills" ] && [ $repeats = 0 ] && [ $halves = 0 ]
