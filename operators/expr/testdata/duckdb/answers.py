#!/usr/bin/env python3
"""Writes DuckDB's answers into the tables beside it. Needs: pip install duckdb.

    python3 answers.py [FILE.txt …]

A line of a table is a case; a new one may end before the arrow:

    EXPRESSION [-- SQL] => DUCKDB [<> OURS # REASON]

SQL stands where DuckDB writes the expression in another way; otherwise it is
EXPRESSION itself. The script writes DUCKDB. OURS is the answer of this package
where it differs, and REASON why; the Go test holds it to both, and with -rewrite
adds OURS where it is missing.
"""
import pathlib
import sys

import duckdb

TYPES = {"float64": "DOUBLE", "bytes": "BLOB"}


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def answer(db, sql):
    try:
        kind, text = db.execute(f"SELECT typeof(x), CAST(x AS VARCHAR) FROM (SELECT {sql} AS x)").fetchone()
    except duckdb.Error:
        return "error"
    if text is None:
        return "NULL"
    if kind in ("VARCHAR", "JSON"):
        return quoted(text)
    if text == "-nan":
        return "nan"
    if kind.startswith("TIMESTAMP"):
        return text.replace(" ", "T").removesuffix("+00") + "Z"
    return text


def answered(db, line):
    if not line or line.startswith("#"):
        return line
    case, _, rest = line.partition(" => ")
    expression, dashes, sql = case.partition(" -- ")
    _, differs, ours = rest.partition(" <> ")
    return case + " => " + answer(db, sql if dashes else expression) + differs + ours


def main():
    here = pathlib.Path(__file__).parent
    db = duckdb.connect()
    for ours, theirs in TYPES.items():
        db.execute(f"CREATE TYPE {ours} AS {theirs}")
    for path in map(pathlib.Path, sys.argv[1:] or sorted(here.glob("*.txt"))):
        lines = path.read_text().split("\n")
        lines[0] = f"# Answers of DuckDB {duckdb.__version__}, written by answers.py."
        path.write_text("\n".join(answered(db, line) for line in lines))


main()
